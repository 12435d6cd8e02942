import type { ImportFileView, ImportId } from "@loupe/contracts";
import { expect, test } from "vitest";

import {
  aDatasetVersion,
  aHash,
  anImage,
  aPerson,
  anOrganisation,
  aProject,
  aWorld,
  testDatabase,
  type World,
} from "../../testing/index.ts";

const database = testDatabase();

async function anImport(world: World): Promise<ImportId> {
  const { id } = await database.db.imports.create({
    projectId: world.projectId,
    createdById: world.engineer,
    fileName: "parts.zip",
    sizeBytes: 5 * 1024 ** 3,
    uploadKey: "upload",
  });
  return id;
}

const line = (path: string, outcome: ImportFileView["outcome"]): ImportFileView => ({
  path,
  outcome,
  reason: `because ${path}`,
  imageId: null,
});

test("unchanged images give the version that there is, changed ones the next", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, engineer } = world;
  const first = await aDatasetVersion(db, world);
  expect(first).toMatchObject({
    number: 1,
    name: "Version 1",
    trainImages: 2,
    testImages: 1,
    defectiveImages: 1,
    categories: ["part"],
  });
  const again = await db.datasets.freeze({ projectId, createdById: engineer, name: "Again" });
  expect(again).toEqual({ version: first, isNew: false });

  const [item] = (await db.datasets.items(first.id)).filter(({ split }) => split === "test");
  await db.masks.create({ imageId: item!.imageId, sha256: aHash() });
  const second = await db.datasets.freeze({ projectId, createdById: engineer, name: "New mask" });
  expect(second).toMatchObject({ isNew: true, version: { number: 2, name: "New mask" } });
  expect((await db.datasets.list(projectId)).map(({ number }) => number)).toEqual([2, 1]);
  // The first version still has the mask that it was frozen with.
  const [kept] = (await db.datasets.items(first.id)).filter(({ split }) => split === "test");
  expect(kept).toEqual(item);
});

test("freezing twice at the same time gives one version", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  await anImage(db, { projectId });
  const frozen = await Promise.all(
    Array.from({ length: 4 }, () => db.datasets.freeze({ projectId, createdById: engineer })),
  );
  expect(frozen.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await db.datasets.list(projectId)).toHaveLength(1);
});

test("there is nothing to freeze without images that have a split", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  await anImage(db, { projectId, split: null, label: "unknown" });
  await expect(db.datasets.freeze({ projectId, createdById: engineer })).rejects.toMatchObject({
    code: "DATASET_IS_EMPTY",
  });
});

test("a version's images cannot be changed or removed", async () => {
  const { db } = database;
  const version = await aDatasetVersion(db, await aWorld(db));
  const { pool } = db;
  const id = [version.id];
  for (const statement of [
    `update "dataset_item" set "split" = 'train' where "datasetVersionId" = $1`,
    `delete from "dataset_item" where "datasetVersionId" = $1`,
    `update "dataset_version" set "name" = 'x' where "id" = $1`,
  ]) {
    await expect(pool.query(statement, id)).rejects.toThrow(/never changed/);
  }
  const removal = `delete from "image" where "id" in
    (select "imageId" from "dataset_item" where "datasetVersionId" = $1)`;
  await expect(pool.query(removal, id)).rejects.toThrow();
});

test("the same content is one image, also when it comes twice at the same time", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const sha256 = aHash();
  const made = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      anImage(db, { projectId, sha256, category: `category ${index % 2}` }),
    ),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect((await db.images.findByHash(projectId, sha256))?.id).toBe(made[0]!.id);
});

test("images are listed page by page and counted by category", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  for (let i = 0; i < 5; i++) await anImage(db, { projectId });
  const cap = { projectId, category: "cap", split: "test" } as const;
  const scratched = await anImage(db, { ...cap, label: "defective", defectType: "scratch" });
  await db.masks.create({ imageId: scratched.id, sha256: aHash() });
  await anImage(db, { projectId, category: "cap", split: null, label: "unknown" });

  const first = await db.images.list({ projectId, category: "part", limit: 3 });
  expect(first.rows).toHaveLength(3);
  const rest = await db.images.list({
    projectId,
    category: "part",
    limit: 3,
    cursor: first.nextCursor!,
  });
  expect(rest.rows).toHaveLength(2);
  expect(rest.nextCursor).toBeNull();
  const ids = [...first.rows, ...rest.rows].map(({ id }) => id);
  expect(new Set(ids).size).toBe(5);
  expect(await db.images.countByCategory(projectId)).toEqual([
    { category: "cap", trainGood: 0, testGood: 0, testDefective: 1, unassigned: 1, masks: 1 },
    { category: "part", trainGood: 5, testGood: 0, testDefective: 0, unassigned: 0, masks: 0 },
  ]);
  expect((await db.images.list({ projectId, label: "defective", limit: 9 })).rows).toMatchObject([
    { id: scratched.id, maskId: expect.any(String) as string },
  ]);
});

test("mask revisions are numbered, and the same content is no new one", async () => {
  const { db } = database;
  const { projectId, organisationId } = await aWorld(db);
  const { id: imageId } = await anImage(db, { projectId });
  const [a, b] = [aHash(), aHash()];
  const first = await db.masks.create({ imageId, sha256: a });
  expect(await db.masks.create({ imageId, sha256: a })).toEqual(first);
  const together = await Promise.all([
    db.masks.create({ imageId, sha256: b }),
    db.masks.create({ imageId, sha256: b }),
  ]);
  expect(together.map(({ revision }) => revision)).toEqual([2, 2]);
  expect(await db.masks.newestOf(imageId)).toMatchObject({ sha256: b });
  expect(await db.masks.requireFile(first.id)).toEqual({ projectId, organisationId, sha256: a });
});

test("an import is claimed until it has ended, and its report counts what became of the files", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const id = await anImport(world);
  const claimed = await db.imports.claim(id);
  expect(claimed).toMatchObject({ uploadKey: "upload", organisationId: world.organisationId });
  expect(await db.imports.claim(id)).toEqual(claimed);
  await db.imports.recordFiles(id, [line("b.png", "accepted"), line("a.txt", "not_an_image")]);
  await db.imports.recordFiles(id, [line("b.png", "duplicate"), line("c.png", "accepted")]);
  await db.imports.setProgress(id, { filesDone: 3, filesTotal: 3 });
  const ended = await db.imports.finish(id, { status: "succeeded" });
  expect(ended).toMatchObject({
    status: "succeeded",
    sizeBytes: 5 * 1024 ** 3,
    filesDone: 3,
    outcomes: { accepted: 1, duplicate: 1, not_an_image: 1 },
  });
  expect(await db.imports.claim(id)).toBeNull();
  expect(await db.imports.finish(id, { status: "failed", error: "late" })).toEqual(ended);
  const page = await db.imports.listFiles(id, { limit: 2 });
  expect(page.rows.map(({ path }) => path)).toEqual(["a.txt", "b.png"]);
  const { rows } = await db.imports.listFiles(id, { limit: 2, cursor: page.nextCursor! });
  expect(rows).toEqual([line("c.png", "accepted")]);
  expect((await db.imports.listFiles(id, { limit: 9, outcome: "duplicate" })).rows).toHaveLength(1);
  expect(await db.imports.list(world.projectId)).toEqual([ended]);
});

test("a refused import leaves nothing behind, and an image that was there before stays", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, engineer } = world;
  const before = await anImage(db, { projectId, category: "old" });
  const importId = await anImport(world);
  await db.imports.claim(importId);
  const brought = await anImage(db, { projectId, category: "new", importId });
  expect(brought.importId).toBe(importId);
  await db.masks.create({ imageId: brought.id, sha256: aHash(), importId });
  await db.masks.create({ imageId: before.id, sha256: aHash(), importId });
  await db.imports.recordFiles(importId, [{ ...line("a", "accepted"), imageId: brought.id }]);

  // While the import has not succeeded, a version does not hold what it may take back.
  const { version } = await db.datasets.freeze({ projectId, createdById: engineer });
  expect(await db.datasets.items(version.id)).toMatchObject([{ imageId: before.id, maskId: null }]);

  await db.imports.discard(importId);
  await db.imports.finish(importId, { status: "refused", error: "path leaves the archive" });
  expect((await db.images.list({ projectId, limit: 9 })).rows).toMatchObject([
    { id: before.id, maskId: null },
  ]);
  expect((await db.images.countByCategory(projectId)).map((row) => row.category)).toEqual(["old"]);
  expect(await db.imports.require(importId, projectId)).toMatchObject({
    status: "refused",
    outcomes: {},
  });
});

test("every door asks by organisation: strangers see nothing", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const image = await anImage(db, { projectId: theirs.projectId });
  const { projectId, organisationId, engineer } = mine;
  expect(await db.members.accessToProject(engineer, projectId)).toEqual({
    organisationId,
    role: "engineer",
    site: null,
  });
  expect(await db.members.accessToProject(engineer, theirs.projectId)).toBeNull();
  expect(await db.members.roleOf(engineer, theirs.organisationId)).toBeNull();
  expect((await db.projects.list(organisationId)).map(({ id }) => id)).toEqual([projectId]);
  for (const reached of [
    () => db.projects.require(theirs.projectId, organisationId),
    () => db.images.requireInProject(image.id, projectId),
  ]) {
    await expect(reached()).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("a project's name is taken once in an organisation", async () => {
  const { db } = database;
  const { organisationId, engineer: createdById, project } = await aWorld(db);
  const { name } = project;
  await expect(aProject(db, { organisationId, createdById, name })).rejects.toMatchObject({
    code: "NAME_TAKEN",
  });
  const elsewhere = await anOrganisation(db);
  const owner = await aPerson(db, { organisationId: elsewhere, role: "owner" });
  const same = await aProject(db, { organisationId: elsewhere, createdById: owner, name });
  expect(same.name).toBe(name);
});

test("a role that the table does not know gives no access", async () => {
  const { db } = database;
  const { organisationId, engineer, projectId } = await aWorld(db);
  await db.pool.query(`update "member" set "role" = 'superuser' where "userId" = $1`, [engineer]);
  expect(await db.members.accessToProject(engineer, projectId)).toBeNull();
  expect(await db.members.membershipsOf(engineer)).toEqual([]);
  expect((await db.members.list(organisationId)).map(({ role }) => role)).toEqual(["reviewer"]);
});
