/** A path of this site to go to after signing in; "/" for anything that could lead elsewhere. */
export function safeReturnPath(path: string | null): string {
  if (path === null || !/^\/(?![/\\])/.test(path) || path.includes("\\")) return "/";
  // Browsers drop tabs and line breaks from addresses, which would make "/\t/host" a "//host".
  if ([...path].some((character) => character <= " ")) return "/";
  return path.startsWith("/sign-in") ? "/" : path;
}
