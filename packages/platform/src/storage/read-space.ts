import { statfs } from "node:fs/promises";

/** Room on the file system of a folder, as an ordinary account sees it. */
export type Space = { readonly freeBytes: number; readonly totalBytes: number };

export type ReadSpace = (folder: string) => Promise<Space>;

/** Ask the system how much room there is. */
export const readSpace: ReadSpace = async (folder) => {
  const { bavail, bfree, blocks, bsize } = await statfs(folder);
  // What is kept back for root belongs neither to what is free nor to what can be used.
  return { freeBytes: bavail * bsize, totalBytes: (blocks - bfree + bavail) * bsize };
};
