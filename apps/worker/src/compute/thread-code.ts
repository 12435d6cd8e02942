import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Code that starts a TypeScript file in a thread that knows no TypeScript yet.
 *
 * Node 20 does not pass tsx's loader on to threads, so it is registered there by its path: neither
 * the caller's folder nor its way of running TypeScript (tsx, vitest) matters.
 */
export function threadCode(file: URL): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("./dist/esm/api/index.mjs", tsx).href;
  return (
    `import(${JSON.stringify(loader)})` +
    `.then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); })`
  );
}
