import { dropInvisible, NAME_LENGTH } from "@loupe/contracts";

const ARCHIVE_ENDING = /\.(?:zip|tar|tgz|gz)$/iu;

/**
 * The category name of every category folder.
 *
 * Usually that is the folder's own name. A category without a folder takes the archive's name, and
 * folders of the same name in different places keep the way to them: "left/cap" and "right/cap". What
 * nobody can see in a name is left out, so that no two categories look alike.
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
      return [root, lastCharacters(isShared ? dropInvisible(root) : name)];
    }),
  );
}

function ownName(root: string, archiveName: string): string {
  const folder = root === "" ? archiveName.replace(ARCHIVE_ENDING, "") : root.split("/").at(-1);
  const name = dropInvisible(folder ?? root).trim();
  return name === "" ? "parts" : name;
}

/** The end of a way tells folders apart, so that is what is kept of a long one. */
function lastCharacters(name: string): string {
  return [...name].slice(-NAME_LENGTH).join("").trim();
}
