const MAX_CATEGORY_LENGTH = 80;
const ARCHIVE_ENDING = /\.(?:zip|tar|tgz|gz)$/iu;

/**
 * The category name of every category folder.
 *
 * Usually that is the folder's own name. A category without a folder takes the archive's name, and
 * folders of the same name in different places keep the way to them: "left/cap" and "right/cap".
 */
export function nameCategories(
  roots: readonly string[],
  archiveName: string,
): ReadonlyMap<string, string> {
  const unique = [...new Set(roots)];
  const uses = new Map<string, number>();
  for (const root of unique) {
    const name = ownName(root, archiveName);
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return new Map(
    unique.map((root) => {
      const name = ownName(root, archiveName);
      const isShared = (uses.get(name) ?? 0) > 1 && root !== "";
      return [root, (isShared ? root : name).slice(-MAX_CATEGORY_LENGTH)];
    }),
  );
}

function ownName(root: string, archiveName: string): string {
  if (root !== "") return root.split("/").at(-1) ?? root;
  const name = archiveName.replace(ARCHIVE_ENDING, "").trim();
  return name === "" ? "parts" : name;
}
