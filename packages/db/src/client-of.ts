import type { PrismaClient } from "./generated/client.ts";

const clients = new WeakMap<object, PrismaClient>();

/** Keep a database's client where only this package finds it. */
export function rememberClient(database: object, client: PrismaClient): void {
  clients.set(database, client);
}

/** The client behind a database that `openDatabase` returned. */
export function clientOf(database: object): PrismaClient {
  const client = clients.get(database);
  if (client === undefined) throw new Error("Expected a database that openDatabase returned");
  return client;
}
