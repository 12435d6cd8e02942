import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { HubServer } from "../testing/hub-server.ts";
import { readEncoderFixture, writeTinyCheckpoint } from "../testing/tiny-checkpoint.ts";
import { encodersCommand } from "./encoders-command.ts";
import { Progress } from "./progress.ts";

const NAME = "dinov2-small";

let root: string;
let hub: HubServer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-encoders-command-"));
  const published = join(root, "published");
  await writeTinyCheckpoint(published, readEncoderFixture("dinov2"));
  hub = new HubServer();
  const files = ["config.json", "preprocessor_config.json", "model.safetensors"];
  for (const file of files) {
    hub.shelves["main"] = { ...hub.shelves["main"], [file]: await readFile(join(published, file)) };
  }
  vi.stubEnv("HF_ENDPOINT", await hub.open());
  vi.stubEnv("LOUPE_HOME", join(root, "home"));
  vi.stubEnv("LOUPE_ENCODERS", undefined);
  vi.stubEnv("LOUPE_SHARED_DATA", join(root, "none"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(root, { recursive: true });
});

/** The command's result, and what it wrote of its progress. */
async function run(...argv: string[]) {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => lines.push(line) };
  const progress = new Progress(stream as unknown as NodeJS.WriteStream);
  const result = await encodersCommand(argv, { progress, signal: new AbortController().signal });
  return { ...result, text: result.lines.join("\n"), progress: lines.join("") };
}

function names(list: unknown): string[] {
  return (list as { name: string }[]).map(({ name }) => name);
}

test("an encoder moves from what can be fetched to what is here, and has a path", async () => {
  const before = await run("list");
  expect(names(before.json["available"])).toContain(NAME);
  expect(names(before.json["encoders"])).not.toContain(NAME);
  expect(before.text).toContain(`${NAME}  DINOv2 small  88 MB  Apache-2.0`);

  const pulled = await run("pull", NAME);
  expect(pulled.json).toMatchObject({ encoder: { name: NAME, family: "dinov2" } });
  expect(pulled.progress).toContain("fetching");

  const path = join(root, "home", "encoders", NAME);
  expect((await run("path", NAME)).text).toBe(path);
  const after = await run("list");
  expect(names(after.json["available"])).not.toContain(NAME);
  expect(names(after.json["encoders"])).toContain(NAME);
  expect(after.text).toMatch(/dinov2-small {2}dinov2 at 16 px .* block1 \(8\), block2 \(8\)/);
});

test("a call that says too little or too much is told the form", async () => {
  await expect(run("fetch", NAME)).rejects.toThrow(
    'Expected encoders list, encoders pull NAME or encoders path NAME, got "encoders fetch',
  );
  await expect(run("pull")).rejects.toThrow("Expected encoders pull with one name, got 0.");
  await expect(run("path", NAME, NAME)).rejects.toThrow("with one name, got 2.");
});
