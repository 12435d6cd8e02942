import { prismaAdapter } from "better-auth/adapters/prisma";

import { clientOf } from "./client-of.ts";
import type { Database } from "./database.ts";

/** The store of better-auth's people and sessions, so that the client never leaves this package. */
export function authAdapter(database: Database): ReturnType<typeof prismaAdapter> {
  return prismaAdapter(clientOf(database), { provider: "postgresql", transaction: true });
}
