import { type Action, can, isAppError, type ProjectId, ROLES, type UserId } from "@loupe/contracts";
import { aPerson, anOrganisation, aWorld, testDatabase, type World } from "@loupe/db/testing";
import { openMemoryBlobStore } from "@loupe/platform/testing";
import { beforeAll, describe, expect, test } from "vitest";

import * as application from "./index.ts";
import type { Caller, Ports } from "./index.ts";

const database = testDatabase();
let ports: Ports;
let world: World;
let elsewhere: World;

beforeAll(async () => {
  ports = { db: database.db, blobs: openMemoryBlobStore() };
  world = await aWorld(database.db);
  elsewhere = await aWorld(database.db);
});

type Asked<S extends string> = {
  (caller: Caller, ports: Ports, input: { projectId: ProjectId }): Promise<unknown>;
  readonly scope: S;
  readonly action: Action;
};

/** Every use case of the package that says where it plays. */
function listUseCases<S extends "project" | "organisation">(scope: S): [string, Asked<S>][] {
  const all: Readonly<Record<string, unknown>> = application;
  return Object.entries(all).filter((entry): entry is [string, Asked<S>] => {
    const [, value] = entry;
    return typeof value === "function" && "scope" in value && value.scope === scope;
  });
}

const person = (userId: UserId): Caller => ({
  kind: "person",
  userId,
  sessionId: null,
  organisationId: null,
});

/** What a use case says before it looks at anything but who calls and where. */
async function refusalOf(useCase: Asked<string>, caller: Caller): Promise<string | null> {
  try {
    // The rest of the input is missing: whoever is let in fails at it, or not at all.
    await useCase(caller, ports, { projectId: world.projectId });
    return null;
  } catch (error) {
    return isAppError(error) ? error.code : null;
  }
}

test("there are use cases to ask", () => {
  expect(listUseCases("project").length).toBeGreaterThan(30);
  expect(listUseCases("organisation").length).toBeGreaterThan(2);
});

describe.each(listUseCases("project"))("%s", (_name, useCase) => {
  test("is not there for people, keys and Loupe itself outside of the organisation", async () => {
    const { organisationId } = elsewhere;
    const scopes = [useCase.action];
    expect(await refusalOf(useCase, person(elsewhere.engineer))).toBe("NOT_FOUND");
    expect(await refusalOf(useCase, { kind: "api-key", organisationId, scopes })).toBe("NOT_FOUND");
    expect(await refusalOf(useCase, { kind: "system", organisationId })).toBe("NOT_FOUND");
  });

  test("is forbidden to roles and keys that may not", async () => {
    const { organisationId } = world;
    for (const role of ROLES.filter((each) => !can(each, useCase.action))) {
      const userId = await aPerson(database.db, { organisationId, role });
      expect(await refusalOf(useCase, person(userId))).toBe("FORBIDDEN");
    }
    const scopes: Action[] = [useCase.action === "case:read" ? "data:read" : "case:read"];
    expect(await refusalOf(useCase, { kind: "api-key", organisationId, scopes })).toBe("FORBIDDEN");
  });
});

describe.each(listUseCases("organisation"))("%s", (_name, useCase) => {
  test("is forbidden to people without an organisation", async () => {
    const organisationId = await anOrganisation(database.db);
    const userId = await aPerson(database.db, { organisationId, role: "owner" });
    await database.db.pool.query('delete from "member" where "userId" = $1', [userId]);
    expect(await refusalOf(useCase, person(userId))).toBe("FORBIDDEN");
  });

  test("is forbidden to roles and keys that may not", async () => {
    const organisationId = await anOrganisation(database.db);
    for (const role of ROLES.filter((each) => !can(each, useCase.action))) {
      const userId = await aPerson(database.db, { organisationId, role });
      expect(await refusalOf(useCase, person(userId))).toBe("FORBIDDEN");
    }
    const caller: Caller = { kind: "api-key", organisationId, scopes: [] };
    expect(await refusalOf(useCase, caller)).toBe("FORBIDDEN");
  });
});

test("a key and Loupe itself read what they may, and answer for nothing", async () => {
  const { organisationId, projectId } = world;
  const scopes: Action[] = ["project:read", "case:read", "run:read", "model:activate"];
  for (const caller of [
    { kind: "api-key", organisationId, scopes },
    { kind: "system", organisationId },
  ] satisfies Caller[]) {
    expect(await application.listRuns(caller, ports, { projectId })).toEqual([]);
    const projects = await application.listProjects(caller, ports);
    expect(projects.map(({ id }) => id)).toEqual([projectId]);
    const create = application.createProject({ ...caller, kind: "system" }, ports, { name: "No" });
    await expect(create).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
});
