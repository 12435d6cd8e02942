import type { UploadFolder } from "./blob-store.ts";
import { badPath, checkUploadPath } from "./check-upload-path.ts";
import { draftBlob } from "./draft-blob.ts";
import { UnfitObjectName, type ObjectStore } from "./object-store.ts";

/** A folder in the upload area that takes files one after the other; `name` is where it lies. */
export function openUploadFolder(
  objects: ObjectStore,
  { key, name }: { key: string; name: string },
): UploadFolder {
  const files = new Set<string>();
  const folders = new Set<string>();
  let total = 0;
  return {
    key,
    get sizeBytes() {
      return total;
    },
    async add(relativePath, source, limits) {
      const parents = listParents(checkUploadPath(relativePath));
      if (parents.some((parent) => files.has(parent))) {
        throw badPath(relativePath, "a folder where a file is already");
      }
      const target = `${name}/${relativePath}`;
      // Asked for as well: some systems take two spellings for one name.
      if (folders.has(relativePath) || (await objects.head(target)) !== null) {
        throw badPath(relativePath, "every path once");
      }
      const { draft, sizeBytes } = await draftBlob(objects, source, limits);
      try {
        await draft.keep(target);
      } catch (error) {
        if (!(error instanceof UnfitObjectName)) throw error;
        throw badPath(relativePath, "a path that this system can hold");
      }
      files.add(relativePath);
      for (const parent of parents) folders.add(parent);
      total += sizeBytes;
      return { sizeBytes };
    },
  };
}

/** Of `a/b/c.png`: `a` and `a/b`. */
function listParents(parts: readonly string[]): string[] {
  return parts.slice(0, -1).map((_part, at) => parts.slice(0, at + 1).join("/"));
}
