import { chmod, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = 0o700;
const FILE = 0o600;
const OF_OTHERS = 0o077;
/** The account that PostgreSQL runs as may pass through when root started it, and see nothing. */
const PASS_OF_GROUP = 0o710;

/** What Loupe makes in its home. The database looks after its own folder; the rest is not ours to change. */
const OURS = [
  "blobs",
  "cache",
  "encoders",
  "logs",
  "processes.json",
  "postgres.location",
  "runs",
  "scratch",
  "secret",
];

/**
 * Make a home folder its owner's alone, and correct what earlier versions left readable for everyone.
 *
 * Everything is walked through only where something at the top is still open: what is made later is
 * made closed. What belongs to another account stays as it is.
 */
export async function closeHome(home: string): Promise<void> {
  const { mode } = await lstat(home);
  if ((mode & 0o777) !== PASS_OF_GROUP && (mode & OF_OTHERS) !== 0) await change(home, FOLDER);
  for (const name of OURS) {
    const path = join(home, name);
    const found = await lstat(path).catch(() => null);
    if (found !== null && (found.mode & OF_OTHERS) !== 0) await close(path);
  }
}

/** The inside first: a walk that is cut off leaves its top open and is done again at the next start. */
async function close(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null || found.isSymbolicLink()) return;
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await close(join(path, name));
  }
  if ((found.mode & OF_OTHERS) === 0) return;
  await change(path, found.isDirectory() ? FOLDER : FILE);
}

async function change(path: string, mode: number): Promise<void> {
  await chmod(path, mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPERM" && error.code !== "ENOENT") throw error;
  });
}
