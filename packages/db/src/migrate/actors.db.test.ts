import { expect, test } from "vitest";

import { anOldProject } from "../testing/an-old-project.ts";
import { migrateFilled } from "../testing/migrate-filled.ts";

test("rows from before name the actor of their author, and events of nobody the system's", async () => {
  await migrateFilled({ from: "0012", upTo: "0015" }, anOldProject().fill, async (run) => {
    expect(
      await run(
        `select "organizationId", "kind"::text, "userId", "name" from "actor" order by 1, 2, 3`,
      ),
    ).toEqual([
      { organizationId: "o", kind: "person", userId: "ann", name: "Ann" },
      { organizationId: "o", kind: "person", userId: "bob", name: "Bob" },
      { organizationId: "o", kind: "person", userId: null, name: "Removed person" },
      { organizationId: "o", kind: "system", userId: null, name: "Loupe" },
      { organizationId: "p", kind: "system", userId: null, name: "Loupe" },
    ]);
    const byWhom = async (table: string, column: string) => {
      const rows =
        await run(`select a."name" from "${table}" x join "actor" a on a."id" = x."${column}"
        order by 1`);
      return rows.map(({ name }) => name);
    };
    expect(await byWhom("project", "createdById")).toEqual(["Ann"]);
    expect(await byWhom("import", "createdById")).toEqual(["Ann"]);
    expect(await byWhom("dataset_version", "createdById")).toEqual(["Ann"]);
    expect(await byWhom("dataset_freeze", "createdById")).toEqual(["Bob"]);
    expect(await byWhom("training_run", "createdById")).toEqual(["Ann"]);
    expect(await byWhom("encoder_pull", "requestedById")).toEqual(["Ann"]);
    expect(await byWhom("inspection", "createdById")).toEqual(["Ann", "Bob"]);
    expect(await byWhom("verdict", "authorId")).toEqual(["Ann"]);
    expect(await byWhom("event", "actorId")).toEqual(["Ann", "Loupe", "Removed person"]);
    await expect(run(`update "event" set "type" = 'other'`)).rejects.toThrow(/never changed/);
    await run(`delete from "organization" where "id" = 'o'`);
    expect(await run(`select "organizationId" from "actor"`)).toEqual([{ organizationId: "p" }]);
  });
});
