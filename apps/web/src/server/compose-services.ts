import { join } from "node:path";

import { openDatabase } from "@loupe/db";
import { openFileBlobStore, PictureGate, StorageWatch, type Logger } from "@loupe/platform";

import sharp from "sharp";

import type { WebEnv } from "../env.ts";
import { createAuth } from "./auth.ts";
import { listDemoSignIns } from "./list-demo-sign-ins.ts";
import { listTrustedOrigins } from "./list-trusted-origins.ts";
import { GuessLimiter } from "./sign-in/guess-limiter.ts";
import type { WebServices } from "./services.ts";

/** Queries of pages are short; live updates and file look-ups come in bursts. */
const POOL_SIZE = 16;

// Every picture is looked at once: a cache of decoded ones would only hold memory.
sharp.cache(false);

/** Open everything that requests use. The caller closes `db`. */
export async function composeServices(env: WebEnv, logger: Logger): Promise<WebServices> {
  const [db, blobs] = await Promise.all([
    openDatabase(env.databaseUrl, { poolSize: POOL_SIZE }),
    openFileBlobStore(join(env.home, "blobs")),
  ]);
  const trustedOrigins = listTrustedOrigins(env.baseUrl, env.extraOrigins);
  const auth = createAuth({
    db,
    logger,
    trustedOrigins,
    secret: env.authSecret,
    baseUrl: env.baseUrl,
  });
  return {
    db,
    blobs,
    pictures: new PictureGate(),
    auth,
    guesses: new GuessLimiter(env.signInsPerMinute),
    logger,
    trustedOrigins,
    cacheFolder: join(env.home, "cache"),
    storage: new StorageWatch(env.home),
    listDemoSignIns: () => listDemoSignIns(db),
  };
}
