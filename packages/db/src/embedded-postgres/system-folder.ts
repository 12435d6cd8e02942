import { chmod, lstat, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where root may put what the database's account must reach. */
const SYSTEM_FOLDER = "/var/lib/loupe";

/** A folder of root's that every account may enter: /var/lib/loupe, or one in the system's temporary folder. */
export async function systemFolder(): Promise<string> {
  try {
    await mkdir(SYSTEM_FOLDER, { recursive: true });
    const found = await lstat(SYSTEM_FOLDER);
    if (found.isDirectory() && found.uid === 0) {
      // A strict umask would have closed it.
      if ((found.mode & 0o005) !== 0o005) await chmod(SYSTEM_FOLDER, 0o755);
      return SYSTEM_FOLDER;
    }
  } catch {
    // A read-only /var/lib: the temporary folder has to do.
  }
  const folder = await mkdtemp(join(tmpdir(), "loupe-"));
  await chmod(folder, 0o755);
  return folder;
}
