import { randomUUID } from "node:crypto";

import { NAMED_CASES, type Role, ROLES } from "@loupe/contracts";
import { aCase, aRun, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  aWebWorld,
  fillProject,
  type Caller,
  type Content,
  type Tenant,
  type WebWorld,
} from "../testing/a-web-world.ts";
import { callProcedure } from "../testing/call-procedure.ts";
import { appRouter } from "./root.ts";

const database = testDatabase();
let world: WebWorld;
let home: Content;
let elsewhere: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  home = await fillProject(world.services, world.home);
  elsewhere = await fillProject(world.services, world.elsewhere);
});
afterAll(() => world.close());

type Place = { readonly tenant: Tenant; readonly content: Content };

type Row = {
  /** Roles that may; everybody else in the organisation gets FORBIDDEN. */
  readonly roles: readonly Role[];
  /** Input that succeeds, made anew for each call. */
  readonly input: (place: Place) => unknown;
  /** The objects named beside the project, all of `place.content`. */
  readonly names?: "objects";
};

const EVERYONE = ROLES;
const MAKERS = ["owner", "engineer"] as const;
const PROMOTERS = ["owner", "manager", "engineer"] as const;
const JUDGES = ["owner", "engineer", "reviewer"] as const;

const inProject = ({ tenant }: Place) => ({ projectId: tenant.projectId });

const aRunIn = (place: Place) => ({
  ...inProject(place),
  datasetVersionId: place.content.datasetVersion.id,
  method: "rd",
  encoder: "resnet18",
  steps: 10,
  batch: 4,
  seed: 0,
  provider: "cpu",
  idempotencyKey: randomUUID(),
});

/** Who may call what, written down a second time on purpose: a change must be made in both. */
const PROCEDURES: Readonly<Record<string, Row>> = {
  "session.me": { roles: EVERYONE, input: () => undefined },
  "session.storage": { roles: MAKERS, input: () => undefined },
  "projects.list": { roles: EVERYONE, input: () => undefined },
  "projects.create": { roles: MAKERS, input: () => ({ name: `Project ${randomUUID()}` }) },
  "projects.get": { roles: EVERYONE, input: inProject },
  "projects.demo": { roles: EVERYONE, input: inProject },
  "data.counts": { roles: EVERYONE, input: inProject },
  "data.images": { roles: EVERYONE, input: inProject },
  "data.imports": { roles: EVERYONE, input: inProject },
  "data.import": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), importId: place.content.import.id }),
  },
  "data.importFiles": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), importId: place.content.import.id }),
  },
  "data.cancelImport": {
    roles: MAKERS,
    names: "objects",
    input: async (place) => {
      const view = await world.db.imports.create({
        projectId: place.tenant.projectId,
        createdById: place.tenant.engineer,
        fileName: "parts.zip",
        sizeBytes: 10,
        uploadKey: randomUUID(),
      });
      return { ...inProject(place), importId: view.id };
    },
  },
  "data.versions": { roles: EVERYONE, input: inProject },
  "data.freeze": { roles: MAKERS, input: inProject },
  "data.freezes": { roles: EVERYONE, input: inProject },
  "runs.list": { roles: EVERYONE, input: inProject },
  "runs.get": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), runId: place.content.runId }),
  },
  "runs.curve": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), runId: place.content.runId }),
  },
  "runs.probes": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), runId: place.content.runId }),
  },
  "runs.workers": { roles: EVERYONE, input: inProject },
  "runs.start": {
    roles: MAKERS,
    names: "objects",
    input: aRunIn,
  },
  "runs.startEach": {
    roles: MAKERS,
    names: "objects",
    input: aRunIn,
  },
  "runs.pulls": { roles: EVERYONE, input: inProject },
  "runs.pullEncoder": {
    roles: MAKERS,
    input: (place) => ({ ...inProject(place), encoder: "dinov2-base" }),
  },
  "runs.cancel": {
    roles: MAKERS,
    names: "objects",
    input: async (place) => {
      const run = await aRun(world.db, place.tenant, {
        datasetVersionId: place.content.datasetVersion.id,
      });
      return { ...inProject(place), runId: run.id };
    },
  },
  "models.list": { roles: EVERYONE, input: inProject },
  "models.get": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), modelVersionId: place.content.model.id }),
  },
  "models.scores": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), modelVersionId: place.content.model.id }),
  },
  "models.activate": {
    roles: PROMOTERS,
    names: "objects",
    input: (place) => ({ ...inProject(place), modelVersionId: place.content.model.id }),
  },
  "models.baseline": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), modelVersionId: place.content.model.id }),
  },
  "inspections.list": { roles: EVERYONE, input: inProject },
  "inspections.get": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), inspectionId: place.content.inspection.id }),
  },
  "inspections.cancel": {
    roles: JUDGES,
    names: "objects",
    input: async (place) => {
      const view = await world.db.inspections.create({
        projectId: place.tenant.projectId,
        modelVersionId: place.content.model.id,
        createdById: place.tenant.engineer,
      });
      return { ...inProject(place), inspectionId: view.id };
    },
  },
  "review.cases": { roles: EVERYONE, input: inProject },
  "review.case": {
    roles: EVERYONE,
    names: "objects",
    input: (place) => ({ ...inProject(place), caseId: place.content.case.id }),
  },
  "review.casesById": {
    roles: EVERYONE,
    input: (place) => ({ ...inProject(place), caseIds: [place.content.case.id] }),
  },
  "review.verdict": {
    roles: JUDGES,
    names: "objects",
    input: async (place) => {
      const opened = await aCase(world.db, place.tenant, { model: place.content.model });
      return {
        ...inProject(place),
        caseId: opened.id,
        value: "good",
        seenVersion: opened.version,
        idempotencyKey: randomUUID(),
      };
    },
  },
  "review.withdraw": {
    roles: JUDGES,
    names: "objects",
    input: (place) => ({
      ...inProject(place),
      caseId: place.content.case.id,
      idempotencyKey: randomUUID(),
    }),
  },
  "review.defectTypes": { roles: EVERYONE, input: inProject },
};

const typeOf = (path: string) => {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: "query" | "mutation" } }
  >;
  return procedures[path]!._def.type;
};

async function ask(path: string, caller: Caller, place: Place) {
  const input: unknown = await PROCEDURES[path]!.input(place);
  return callProcedure({ caller, path, type: typeOf(path), input });
}

const paths = Object.keys(PROCEDURES);
const inAProject = paths.filter((path) => !/^(session\.|projects\.(list|create)$)/.test(path));

test("every procedure of the router is in this table, and nothing else", () => {
  expect(paths.toSorted()).toEqual(Object.keys(appRouter._def.procedures).toSorted());
});

describe.each(paths)("%s", (path) => {
  test.each(ROLES)("%s", async (role) => {
    const answer = await ask(path, world.home.callers[role], { tenant: world.home, content: home });
    const isAllowed = PROCEDURES[path]!.roles.includes(role);
    expect(answer).toMatchObject(
      isAllowed ? { status: 200, code: null } : { status: 403, code: "FORBIDDEN" },
    );
  });

  test("someone who is not signed in", async () => {
    const answer = await ask(path, world.anonymous, { tenant: world.home, content: home });
    expect(answer).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });
});

describe.each(inAProject)("%s, from outside", (path) => {
  test("the owner of another organisation and a member of none see no such project", async () => {
    const place = { tenant: world.home, content: home };
    for (const caller of [world.elsewhere.callers.owner, world.loner]) {
      expect(await ask(path, caller, place)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    }
  });

  test("a project that does not exist looks like one of somebody else", async () => {
    const input: unknown = await PROCEDURES[path]!.input({ tenant: world.home, content: home });
    const caller = world.elsewhere.callers.owner;
    const type = typeOf(path);
    const absent = { ...(input as object), projectId: randomUUID() };
    const nowhere = await callProcedure({ caller, path, type, input: absent });
    const foreign = await callProcedure({ caller, path, type, input });
    expect(nowhere).toEqual(foreign);
  });
});

const withObjects = paths.filter((path) => PROCEDURES[path]!.names === "objects");

test.each(withObjects)("%s: one's own project is no way to foreign objects", async (path) => {
  const foreign: unknown = await PROCEDURES[path]!.input({ tenant: world.home, content: home });
  const { projectId, callers } = world.elsewhere;
  const input = { ...(foreign as object), projectId };
  const answer = await callProcedure({ caller: callers.owner, path, type: typeOf(path), input });
  expect(answer).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test("cases of somebody else's project are not among those that are asked for by id", async () => {
  const { projectId, callers } = world.elsewhere;
  const caseIds = [home.case.id, elsewhere.case.id];
  const input = { projectId, caseIds };
  const asked = { caller: callers.viewer, path: "review.casesById", type: "query", input } as const;
  const answer = await callProcedure(asked);
  expect(answer.data).toMatchObject([{ id: elsewhere.case.id }]);
  const many = { ...input, caseIds: Array.from({ length: NAMED_CASES + 1 }, () => home.case.id) };
  expect(await callProcedure({ ...asked, input: many })).toMatchObject({ status: 400 });
});

test("a list shows the organisation's own projects only, and a member of none is told so", async () => {
  const place = { tenant: world.elsewhere, content: elsewhere };
  const answer = await ask("projects.list", world.elsewhere.callers.viewer, place);
  const ids = (answer.data as { id: string }[]).map((project) => project.id);
  expect(ids).toContain(world.elsewhere.projectId);
  expect(ids).not.toContain(world.home.projectId);
  expect(await ask("projects.list", world.loner, place)).toMatchObject({ code: "FORBIDDEN" });
  expect(await ask("session.me", world.loner, place)).toMatchObject({ code: "FORBIDDEN" });
});
