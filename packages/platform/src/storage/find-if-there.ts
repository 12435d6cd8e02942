/**
 * No such name, a file where a folder should be, a folder where a file should be, and names that
 * this system can give to nothing.
 */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "EILSEQ"]);

/** What the file system finds; null where there is nothing. */
export async function findIfThere<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && "code" in error && ABSENT.has(String(error.code))) return null;
    throw error;
  }
}
