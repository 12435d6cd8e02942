import { randomUUID } from "node:crypto";

import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { aWebWorld, type WebWorld } from "../testing/a-web-world.ts";
import { callProcedure } from "../testing/call-procedure.ts";
import { appRouter } from "./root.ts";

const database = testDatabase();
let world: WebWorld;

beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

/** A text field of a procedure's input, and the input with some text in its place. */
type Field = { readonly path: readonly string[]; readonly fill: (text: string) => unknown };

/** Every text field in a schema, each with a sample of everything around it. */
function listFields(schema: z.core.$ZodType): Field[] {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    return Object.entries(shape).flatMap(([name, inner]) =>
      listFields(inner).map(({ path, fill }) => ({
        path: [name, ...path],
        fill: (text) => ({ ...(sampleOf(schema) as object), [name]: fill(text) }),
      })),
    );
  }
  if (schema instanceof z.ZodRecord) {
    return [
      { path: ["a key"], fill: (text) => ({ [text]: 1 }) },
      { path: ["a value"], fill: (text) => ({ key: [{ deep: text }] }) },
    ];
  }
  const inner = innerOf(schema);
  if (inner !== null) return listFields(inner);
  return isText(schema) ? [{ path: [], fill: (text) => text }] : [];
}

const isText = (schema: z.core.$ZodType) => schema._zod.def.type === "string";

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return schema.def.innerType;
  if (schema instanceof z.ZodNullable) return schema.def.innerType;
  return null;
}

/** Something that the schema takes; the project is the world's. */
function sampleOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    return Object.fromEntries(
      Object.entries(shape).flatMap(([name, inner]) => {
        if (name === "projectId") return [[name, world.home.projectId]];
        return inner instanceof z.ZodOptional ? [] : [[name, sampleOf(inner)]];
      }),
    );
  }
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue;
  if (schema instanceof z.ZodNullable) return null;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodUUID) return randomUUID();
  if (schema._zod.def.type === "number") return 1;
  return "sample";
}

type Procedure = { _def: { type: "query" | "mutation"; inputs: z.core.$ZodType[] } };
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, Procedure>,
).flatMap(([path, { _def }]) => {
  const fields = _def.inputs.flatMap((schema) => listFields(schema));
  return fields.length === 0 ? [] : [{ path, type: _def.type, inputs: _def.inputs, fields }];
});

/** Fields that name what is stored already, however it was named before there were rules. */
const NAMES_OF_STORED =
  /^(data\.images category|data\.importFiles cursor|review\.cases category|runs\.start(Each)? (method|encoder|preset|category|settings .*))$/;

describe.each(procedures)("$path", ({ path, type, inputs, fields }) => {
  test.each(fields)("$path", async (field) => {
    const ask = (text: string) => {
      const samples = inputs.map((schema) => sampleOf(schema) as object);
      const input = Object.assign({}, ...samples, field.fill(text)) as object;
      return callProcedure({ caller: world.home.callers.owner, path, type, input });
    };
    const where = field.path.join(".");
    for (const text of ["x\0", "x\u001b[2J", "x\ud800"]) {
      const answer = await ask(text);
      expect({ text, where, answer }).toMatchObject({ answer: { status: 400, code: "BAD_INPUT" } });
      expect(answer.message.length).toBeGreaterThan(10);
    }
    const isStored = NAMES_OF_STORED.test(`${path} ${field.path.join(" ")}`);
    for (const text of ["x\u202ey", "x\u200by", "x\u2066y", "x\ufeffy"]) {
      const { status } = await ask(text);
      if (isStored) expect(status).toBeLessThan(500);
      else expect({ text, where, status }).toMatchObject({ status: 400 });
    }
    // More than a body may hold is refused before it is read.
    expect([400, 413]).toContain((await ask("x".repeat(4 * 1024 ** 2))).status);
    expect((await ask("x".repeat(100_000))).status).toBe(400);
  });
});

test("the walk finds the fields that people write in", () => {
  const found = procedures.flatMap(({ path, fields }) =>
    fields.map((field) => `${path} ${field.path.join(" ")}`),
  );
  for (const field of [
    "projects.create name",
    "data.freeze name",
    "data.images category",
    "data.importFiles cursor",
    "review.cases category",
    "review.verdict defectType",
    "review.verdict note",
    "runs.start category",
    "runs.start settings a key",
    "runs.pullEncoder encoder",
  ]) {
    expect(found).toContain(field);
  }
});
