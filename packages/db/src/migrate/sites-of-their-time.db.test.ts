import { expect, test } from "vitest";

import { migrateFilled } from "../testing/migrate-filled.ts";
import { anOldProject } from "../testing/an-old-project.ts";

test("rows from before: imports, inspections and their images get the site of whoever brought them", async () => {
  const old = anOldProject();
  await migrateFilled({ from: "0012", upTo: "0013" }, old.fill, async (run) => {
    const north = { siteId: old.site, siteName: "North" };
    const none = { siteId: null, siteName: null };
    expect(await run(`select "siteId", "siteName" from "import"`)).toEqual([north]);
    expect(await run(`select "siteId", "siteName" from "inspection" order by "number"`)).toEqual([
      north,
      none,
    ]);
    expect(
      await run(`select "fileName", "siteId", "siteName" from "image" order by "fileName"`),
    ).toEqual([
      { fileName: "imported", ...north },
      { fileName: "inspected by Ann", ...north },
      { fileName: "inspected by Bob", ...none },
    ]);
    expect(await run(`select sum("images")::int as n from "image_count"`)).toEqual([{ n: 1 }]);
  });
});
