import type { Door } from "./door.ts";

/** Addresses under these beginnings are no pages: what the table does not know there does not exist. */
const NO_PAGES = /^\/(?:api|socket\.io)(?:\/|$)/;

/** Returns a function that finds the door of a request's target, or null when there is none. */
export function doorFinder(doors: readonly Door[]): (target: string) => Door | null {
  const patterns = doors.map((door) => ({ door, pattern: toPattern(door.path) }));
  return (target) => {
    const path = target.split("?", 1)[0] ?? "";
    if (!path.startsWith("/")) return null;
    const found = patterns.find(({ pattern }) => pattern.test(path))?.door ?? null;
    return found?.kind === "page" && NO_PAGES.test(path) ? null : found;
  };
}

function toPattern(path: string): RegExp {
  const source = path
    .replaceAll(/[.*+?^$(){}|\\]/g, String.raw`\$&`)
    .replaceAll(/\/\[\[\\\.\\\.\\\.\w+\]\]/g, "(?:/.*)?")
    .replaceAll(/\[\\\.\\\.\\\.\w+\]/g, ".+")
    .replaceAll(/\[\w+\]/g, "[^/]+");
  return new RegExp(`^${source}$`);
}
