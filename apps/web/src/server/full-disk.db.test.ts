import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { testDatabase } from "@loupe/db/testing";
import { openFileBlobStore } from "@loupe/platform";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { GET as getThumbnail } from "../app/api/images/[imageId]/thumbnail/route.ts";
import { POST as postImport } from "../app/api/projects/[projectId]/imports/route.ts";
import { POST as postInspection } from "../app/api/projects/[projectId]/inspections/route.ts";
import {
  aPicture,
  aWebWorld,
  fillProject,
  SITE,
  type Content,
  type WebWorld,
} from "../testing/a-web-world.ts";
import { callProcedure } from "../testing/call-procedure.ts";
import { callRoute, type RouteHandler } from "../testing/call-route.ts";
import { fetchAuth } from "./fetch-auth.ts";
import { provideServices } from "./services.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;
let folder: string;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
  folder = await mkdtemp(join(tmpdir(), "loupe-full-"));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => provideServices(world.services));

async function fillTheDisk(): Promise<void> {
  const nothing = () => Promise.resolve({ freeBytes: 0, totalBytes: 1e9 });
  const blobs = await openFileBlobStore(folder, nothing);
  provideServices({ ...world.services, blobs });
}

async function refusal(handler: RouteHandler, form: FormData): Promise<unknown> {
  const caller = world.home.callers.engineer;
  const params = { projectId: world.home.projectId };
  const answer = await callRoute(handler, { caller, params, body: form });
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  return { status: answer.status, ...error };
}

test("uploads are refused with what is wrong, and leave nothing", async () => {
  await fillTheDisk();
  const full = {
    status: 507,
    code: "STORAGE_FULL",
    message: expect.stringContaining("no room left on Loupe's disk") as unknown,
  };
  const archive = new FormData();
  archive.append("archive", new Blob(["PK\u0005\u0006".padEnd(22, "\0")]), "parts.zip");
  expect(await refusal(postImport, archive)).toMatchObject(full);
  const dropped = new FormData();
  for (const name of ["part/train/good/a.png", "part/train/good/b.png"]) {
    dropped.append("files", new Blob([new Uint8Array(await aPicture())]), name);
  }
  expect(await refusal(postImport, dropped)).toMatchObject(full);
  const pictures = new FormData();
  pictures.append("files", new Blob([new Uint8Array(await aPicture())]), "a.png");
  expect(await refusal(postInspection, pictures)).toMatchObject(full);
  for (const area of ["temporary", "uploads", "sha256"]) {
    expect(await readdir(join(folder, area)), area).toEqual([]);
  }
});

test("a database that cannot grow is told as that, not as a fault of ours", async () => {
  const { pool } = world.db;
  await pool.query(`create function grow_fails() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100';
  end $$`);
  await pool.query(
    "create trigger grow_fails before insert on project for each row execute function grow_fails()",
  );
  const caller = world.home.callers.owner;
  const input = { name: `Project ${randomUUID()}` };
  const answer = await callProcedure({ caller, path: "projects.create", type: "mutation", input });
  expect(answer).toMatchObject({ status: 507, code: "STORAGE_FULL" });
  await pool.query("drop trigger grow_fails on project");
});

test("a sign-in that cannot be kept is told as that", async () => {
  const { pool } = world.db;
  const { internalAdapter, password: passwords } = await world.services.auth.$context;
  const userId = world.home.callers.viewer.userId!;
  const { rows } = await pool.query<{ email: string }>('select email from "user" where id = $1', [
    userId,
  ]);
  const password = "correct horse battery";
  const hash = await passwords.hash(password);
  const account = { userId, accountId: userId, providerId: "credential", password: hash };
  await internalAdapter.linkAccount(account);
  await pool.query(
    "create trigger grow_fails before insert on session for each row execute function grow_fails()",
  );
  const request = new Request(`${SITE}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify({ email: rows[0]!.email, password }),
  });
  const answer = await fetchAuth(request, world.services);
  await pool.query("drop trigger grow_fails on session");
  expect(answer.status).toBe(507);
  expect(await answer.json()).toMatchObject({ code: "STORAGE_FULL" });
});

test("whoever only looks sees thumbnails, also when none can be kept", async () => {
  provideServices({ ...world.services, cacheFolder: "/dev/null/cache" });
  const answer = await callRoute(getThumbnail, {
    caller: world.home.callers.viewer,
    params: { imageId: content.imageId },
  });
  expect(answer.status).toBe(200);
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
});
