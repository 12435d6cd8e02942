/**
 * Whether a `.dockerignore` keeps a file out of the build: the last line that names the file or a
 * folder of it decides, and a line with `!` lets in.
 *
 * @param path relative to the root, with slashes
 */
export function isKeptOut(path: string, dockerignore: string): boolean {
  const parts = path.split("/");
  const selfAndFolders = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  let isOut = false;
  for (const line of dockerignore.split("\n").map((text) => text.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const pattern = toExpression(line.replace(/^!/u, ""));
    if (selfAndFolders.some((name) => pattern.test(name))) isOut = !line.startsWith("!");
  }
  return isOut;
}

/** `**` stands for any folders, also none, and `*` for anything but a slash. */
function toExpression(pattern: string): RegExp {
  const source = pattern
    .split("**/")
    .map((part) => part.replaceAll(/[.+^${}()|[\]\\]/gu, "\\$&").replaceAll("*", "[^/]*"))
    .join("(?:[^/]+/)*");
  return new RegExp(`^${source}$`, "u");
}
