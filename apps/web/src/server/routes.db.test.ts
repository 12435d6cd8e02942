import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { type Role, ROLES } from "@loupe/contracts";
import { anImage, testDatabase } from "@loupe/db/testing";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

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

const API_FOLDER = join(import.meta.dirname, "../app/api");

const database = testDatabase();
let world: WebWorld;
let home: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  home = await fillProject(world.services, world.home);
});
afterAll(() => world.close());

type Row = {
  readonly roles: readonly Role[];
  readonly params: (content: Content) => Record<string, string>;
  /** Present for routes that take an upload. */
  readonly form?: () => Promise<FormData>;
  readonly contentType: string;
};

const EVERYONE = ROLES;

/** Who may call which route, written down a second time on purpose. */
const ROUTES: Readonly<Record<string, Row>> = {
  "images/[imageId]/original": {
    roles: EVERYONE,
    params: ({ imageId }) => ({ imageId }),
    contentType: "image/png",
  },
  "images/[imageId]/thumbnail": {
    roles: EVERYONE,
    params: ({ imageId }) => ({ imageId }),
    contentType: "image/webp",
  },
  "masks/[maskId]": {
    roles: EVERYONE,
    params: ({ maskId }) => ({ maskId }),
    contentType: "image/png",
  },
  "predictions/[predictionId]/map": {
    roles: EVERYONE,
    params: ({ predictionId }) => ({ predictionId }),
    contentType: "application/octet-stream",
  },
  "runs/[runId]/probes/[imageId]/[step]": {
    roles: EVERYONE,
    params: ({ runId, imageId, probeStep }) => ({ runId, imageId, step: String(probeStep) }),
    contentType: "application/octet-stream",
  },
  "models/[modelVersionId]/file": {
    roles: ["owner", "engineer"],
    params: ({ model }) => ({ modelVersionId: model.id }),
    contentType: "application/octet-stream",
  },
  "projects/[projectId]/imports": {
    roles: ["owner", "engineer"],
    params: () => ({ projectId: world.home.projectId }),
    contentType: "application/json",
    form: async () => {
      const form = new FormData();
      form.append("archive", new Blob(["PK\u0005\u0006".padEnd(22, "\0")]), "empty.zip");
      return Promise.resolve(form);
    },
  },
  "projects/[projectId]/inspections": {
    roles: ["owner", "engineer", "reviewer"],
    params: () => ({ projectId: world.home.projectId }),
    contentType: "application/json",
    form: async () => {
      const form = new FormData();
      form.append("files", new Blob([new Uint8Array(await aPicture())]), "new.png");
      return form;
    },
  },
};

/** Doors of their own: sign-in itself, the procedures (access.db.test.ts), and the health check. */
const OTHER_DOORS = ["auth/[...all]", "health", "trpc/[trpc]"];

/** Routes of the organisation that the session works in: they name nothing of anybody else's. */
const OF_ORGANISATION = ["v1/projects"];

async function handlerOf(path: string): Promise<RouteHandler> {
  const module = (await import(join(API_FOLDER, path, "route.ts"))) as Record<string, RouteHandler>;
  const method = ROUTES[path]!.form === undefined ? "GET" : "POST";
  expect(Object.keys(module)).toEqual([method]);
  return module[method]!;
}

async function ask(path: string, caller: { cookie: string }, headers?: Record<string, string>) {
  const { params, form } = ROUTES[path]!;
  return callRoute(await handlerOf(path), {
    caller: { name: "", userId: null, ...caller },
    params: params(home),
    ...(headers === undefined ? {} : { headers }),
    ...(form === undefined ? {} : { body: await form() }),
  });
}

const paths = Object.keys(ROUTES);

test("every route of the site is in this table", async () => {
  const files = await readdir(API_FOLDER, { recursive: true });
  const found = files.filter((file) => file.endsWith("/route.ts")).map((file) => file.slice(0, -9));
  expect(found.toSorted()).toEqual([...paths, ...OTHER_DOORS, ...OF_ORGANISATION].toSorted());
});

describe.each(paths)("%s", (path) => {
  test.each(ROLES)("%s", async (role) => {
    const answer = await ask(path, world.home.callers[role]);
    if (ROUTES[path]!.roles.includes(role)) {
      expect(answer.status).toBe(ROUTES[path]!.form === undefined ? 200 : 201);
      expect(answer.headers.get("content-type")).toBe(ROUTES[path]!.contentType);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
    } else {
      expect(answer.status).toBe(403);
    }
  });

  test("outsiders get the answer that nobody's id gets, strangers none", async () => {
    const outside = await ask(path, world.elsewhere.callers.owner);
    expect(outside.status).toBe(404);
    expect((await ask(path, world.loner)).status).toBe(404);
    expect((await ask(path, world.anonymous)).status).toBe(401);

    const absent = Object.fromEntries(
      Object.keys(ROUTES[path]!.params(home)).map((name) => [
        name,
        name === "step" ? "20" : crypto.randomUUID(),
      ]),
    );
    const { form } = ROUTES[path]!;
    const nowhere = await callRoute(await handlerOf(path), {
      caller: world.elsewhere.callers.owner,
      params: absent,
      ...(form === undefined ? {} : { body: await form() }),
    });
    expect(nowhere.status).toBe(404);
    expect(await nowhere.text()).toBe(await outside.text());
  });
});

test.each(paths.filter((path) => ROUTES[path]!.form === undefined))(
  "HEAD of %s says what GET would send, and sends nothing",
  async (path) => {
    const handler = await handlerOf(path);
    for (const origin of [SITE, "https://evil.example", null]) {
      const { cookie } = world.home.callers.owner;
      const request = new Request(`${SITE}/api/x`, {
        method: "HEAD",
        headers: { cookie, ...(origin === null ? {} : { origin }) },
      });
      const params = Promise.resolve(ROUTES[path]!.params(home));
      const answer = await handler(request, { params });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(ROUTES[path]!.contentType);
      expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(0);
      expect((await answer.arrayBuffer()).byteLength).toBe(0);
    }
  },
);

test.each(paths)("%s is the same address in capitals", async (path) => {
  const { form, params } = ROUTES[path]!;
  const capitals = Object.entries(params(home)).map(([name, id]) => [name, id.toUpperCase()]);
  const answer = await callRoute(await handlerOf(path), {
    caller: world.home.callers.owner,
    params: Object.fromEntries(capitals) as Record<string, string>,
    ...(form === undefined ? {} : { body: await form() }),
  });
  expect(answer.status).toBe(form === undefined ? 200 : 201);
});

const NO_IDS = ["../../etc/passwd", "1", "' or 1=1 --", "\0", "\u202e", "x".repeat(4 * 1024 ** 2)];

test.each(paths)("%s: an address with a part that is no id does not exist", async (path) => {
  const { params, form } = ROUTES[path]!;
  const known = params(home);
  for (const name of Object.keys(known)) {
    for (const part of NO_IDS) {
      if (name === "step" && part === "1") continue;
      const answer = await callRoute(await handlerOf(path), {
        caller: world.home.callers.owner,
        params: { ...known, [name]: part },
        ...(form === undefined ? {} : { body: await form() }),
      });
      expect(answer.status).toBe(404);
    }
  }
});

test.each(paths.filter((path) => ROUTES[path]!.form !== undefined))(
  "%s is refused when another site's page sends it",
  async (path) => {
    const answer = await ask(path, world.home.callers.owner, { origin: "https://evil.example" });
    expect(answer.status).toBe(403);
  },
);

describe("v1/projects", () => {
  const list = async (caller: { cookie: string }) => {
    const { GET } = await import("../app/api/v1/projects/route.ts");
    return callRoute(GET, { caller: { name: "", userId: null, ...caller } });
  };

  test.each(ROLES)("%s gets what the procedure gives, and nothing of others", async (role) => {
    const caller = world.home.callers[role];
    const answer = await list(caller);
    expect(answer.status).toBe(200);
    const { projects } = (await answer.json()) as { projects: { id: string; name: string }[] };
    expect(projects.map(({ id }) => id)).toContain(world.home.projectId);
    expect(projects.map(({ id }) => id)).not.toContain(world.elsewhere.projectId);
    const procedure = await callProcedure({
      caller,
      path: "projects.list",
      type: "query",
      input: undefined,
    });
    expect(procedure.data).toMatchObject(projects.map(({ id, name }) => ({ id, name })));
  });

  test("strangers get none", async () => {
    expect((await list(world.loner)).status).toBe(403);
    expect((await list(world.anonymous)).status).toBe(401);
  });
});

test("a thumbnail is small, upright and without the camera's notes", async () => {
  const { db, blobs } = world.services;
  const lying = await sharp({
    create: { width: 600, height: 300, channels: 3, background: "#884422" },
  })
    .withExif({ IFD3: { GPSLatitude: "52/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const image = await anImage(db, {
    projectId: world.home.projectId,
    sha256: await blobs.putBytes(lying),
  });
  const answer = await callRoute(await handlerOf("images/[imageId]/thumbnail"), {
    caller: world.home.callers.viewer,
    params: { imageId: image.id },
  });
  const { width, height, exif } = await sharp(await answer.arrayBuffer()).metadata();
  expect({ width, height }).toEqual({ width: 128, height: 256 });
  expect(exif).toBeUndefined();
});

test("something that is no image is a download, whatever it claims to be", async () => {
  const { db, blobs } = world.services;
  const page = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
  const image = await anImage(db, {
    projectId: world.home.projectId,
    sha256: await blobs.putBytes(page),
    fileName: "innocent.png",
  });
  const answer = await callRoute(await handlerOf("images/[imageId]/original"), {
    caller: world.home.callers.viewer,
    params: { imageId: image.id },
  });
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});
