import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The secret that signs sessions, made once for a home folder.
 *
 * Only its owner may read the file. A new secret would sign everyone out.
 */
export async function readOrMakeSecret(home: string): Promise<string> {
  const file = join(home, "secret");
  const known = await readFile(file, "utf8").catch(() => null);
  if (known !== null && known.trim() !== "") return known.trim();
  const secret = randomBytes(32).toString("hex");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
