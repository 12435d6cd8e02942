import { expect, test } from "vitest";

import { anOldProject } from "../testing/an-old-project.ts";
import { migrateFilled } from "../testing/migrate-filled.ts";

test("an evaluation from before keeps each number to the last digit, as a row", async () => {
  await migrateFilled({ from: "0013", upTo: "0014" }, anOldProject().fill, async (run) => {
    const rows = `select "name", "category", "value" from "evaluation_metric" order by "category" nulls first, "name"`;
    expect(await run(rows)).toEqual([
      { name: "imageAuroc", category: null, value: 0.1 + 0.2 },
      { name: "secondsPerImage", category: null, value: 1e-300 },
      { name: "imageAuroc", category: "part", value: 1 / 3 },
      { name: "pixelAuroc", category: "part", value: 0.7 },
    ]);
    const categories = `select "category", "images", "defectiveImages" from "evaluation_category" order by 1`;
    expect(await run(categories)).toEqual([
      { category: "lid", images: 4, defectiveImages: 0 },
      { category: "part", images: 9, defectiveImages: 2 },
    ]);
    const twice = `insert into "evaluation_metric" ("evaluationId", "name", "value")
      select "evaluationId", "name", 1 from "evaluation_metric" where "category" is null`;
    await expect(run(twice)).rejects.toThrow(/evaluation_metric_is_named_once/);
    await expect(run(`update "prediction" set "score" = 2`)).rejects.toThrow(/never changed/);
  });
});
