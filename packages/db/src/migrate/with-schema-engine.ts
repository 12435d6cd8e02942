import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import pg from "pg";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";

import { loadSchemaEngine } from "./load-schema-engine.ts";

export type SchemaFile = { readonly path: string; readonly content: string };

/**
 * Run work with Prisma's schema engine, compiled to WebAssembly, on a database.
 *
 * The engine's usual form is a binary that Prisma downloads; this one comes
 * from npm and goes through our own driver.
 */
export async function withSchemaEngine<T>(
  options: { readonly url: string; readonly schema?: SchemaFile },
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const Engine = await loadSchemaEngine();
  const pool = new pg.Pool({ connectionString: options.url, max: 2 });
  const adapter = new WholeScripts(pool);
  const { schema } = options;
  const engine = await Engine.new(
    { datamodels: schema ? [[schema.path, schema.content]] : undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

/**
 * Sends a migration to the database in one piece.
 *
 * The driver adapter cuts scripts at every semicolon, also at those inside of
 * a function's body. In one piece, Postgres reads it itself and makes it one
 * transaction: a migration that fails leaves nothing behind.
 */
class WholeScripts extends PrismaPg {
  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }
}
