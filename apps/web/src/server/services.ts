import type { Database } from "@loupe/db";
import type { BlobStore, Logger, PictureGate, StorageWatch } from "@loupe/platform";

import type { Auth } from "./auth.ts";
import type { DemoSignIns } from "./list-demo-sign-ins.ts";
import type { GuessLimiter } from "./sign-in/guess-limiter.ts";

/** Everything with a lifetime that a request may use. */
export type WebServices = {
  readonly db: Database;
  readonly blobs: BlobStore;
  /** Whatever decodes a picture does it here. */
  readonly pictures: PictureGate;
  readonly auth: Auth;
  /** Counts attempts at passwords, whichever door they come by. */
  readonly guesses: GuessLimiter;
  readonly logger: Logger;
  /** Origins whose pages may change something; see `requireSameOrigin`. */
  readonly trustedOrigins: ReadonlySet<string>;
  /** Folder of derived files that may be deleted at any time. */
  readonly cacheFolder: string;
  /** Whether the disks of the home folder are about to be full. */
  readonly storage: Pick<StorageWatch, "look">;
  /** What the sign-in page offers for a look around; null once the demo is gone. */
  readonly listDemoSignIns: () => Promise<DemoSignIns | null>;
};

const KEY = Symbol.for("loupe.web.services");

type Holder = { [KEY]?: WebServices };

/**
 * The process's one set of services.
 *
 * `server.ts` runs unbundled and Next's route handlers run from bundles, so the
 * same module exists twice in one process. Whatever holds state (connection
 * pool, bus, rate limits) is therefore made once by `server.ts` and handed over
 * through `globalThis`; route handlers never make their own, and import the
 * database package for its types only. Throws when the
 * process was started by something else, for instance `next start`.
 */
export function services(): WebServices {
  const provided = (globalThis as Holder)[KEY];
  if (provided === undefined) {
    throw new Error(
      "Expected the web server's services, got none. Start the web app through apps/web/server.ts.",
    );
  }
  return provided;
}

/** Hand the services to the route handlers of this process; null takes them back. */
export function provideServices(provided: WebServices | null): void {
  const holder = globalThis as Holder;
  if (provided === null) delete holder[KEY];
  else holder[KEY] = provided;
}
