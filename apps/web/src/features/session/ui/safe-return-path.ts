/** Stands for this site while an address is taken apart; no real site has this name. */
const HERE = "http://here.invalid";

/** A path of this site to go to after signing in; "/" for anything that could lead elsewhere. */
export function safeReturnPath(path: string | null): string {
  if (path === null || !/^\/(?![/\\])/.test(path) || path.includes("\\")) return "/";
  // Browsers drop tabs and line breaks from addresses, which would make "/\t/host" a "//host".
  if ([...path].some((character) => character <= " ")) return "/";
  const { origin, pathname } = new URL(path, HERE);
  // A proxy may decode or shorten a path before it redirects, which would make these a "//host".
  if (origin !== HERE || /^\/(?:\/|%2f|%5c)/i.test(pathname)) return "/";
  return pathname === "/sign-in" ? "/" : path;
}
