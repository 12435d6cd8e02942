import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What wasm-bindgen's glue module exports beyond its published types. */
type Glue = {
  readonly SchemaEngine: typeof SchemaEngine;
  readonly __wbg_set_wasm: (exports: object) => void;
};

/** The part of the WebAssembly API that we use; TypeScript describes it with the browser's types alone. */
type WebAssemblyApi = {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/**
 * The process, and no module of ours, holds the engine: a test runner may load
 * this module several times, while there is one glue module, which would be
 * switched to another instance in the middle of the first one's work.
 */
const LOADED = Symbol.for("loupe.schema-engine");

type Registry = {
  [LOADED]?: Promise<typeof SchemaEngine>;
  /** Where the engine leaves the message of a panic; it fails without telling when there is none. */
  PRISMA_WASM_PANIC_REGISTRY?: { set_message(message: string): void };
};

/**
 * Prisma's schema engine, loaded once for each process.
 *
 * The package's own entry imports the .wasm file as a module, which Node 20
 * does not do; its glue module takes an instance that we make ourselves.
 */
export function loadSchemaEngine(): Promise<typeof SchemaEngine> {
  const registry = globalThis as Registry;
  registry[LOADED] ??= load();
  return registry[LOADED];
}

async function load(): Promise<typeof SchemaEngine> {
  (globalThis as Registry).PRISMA_WASM_PANIC_REGISTRY ??= {
    set_message: (message) => {
      throw new Error(`Prisma's schema engine failed: ${message}`);
    },
  };
  const name = "@prisma/schema-engine-wasm/schema_engine_bg";
  const glue = (await import(name)) as Glue;
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  const bytes = await readFile(join(folder, "schema_engine_bg.wasm"));
  const api = Reflect.get(globalThis, "WebAssembly") as WebAssemblyApi;
  const { instance } = await api.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") (start as () => void)();
  return glue.SchemaEngine;
}
