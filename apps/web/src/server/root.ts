import { dataRouter } from "../features/data/server/index.ts";
import { inspectionsRouter } from "../features/inspect/server/index.ts";
import { modelsRouter } from "../features/models/server/index.ts";
import { projectsRouter } from "../features/projects/server/index.ts";
import { reviewRouter } from "../features/review/server/index.ts";
import { runsRouter } from "../features/runs/server/index.ts";
import { sessionRouter } from "../features/session/server/index.ts";
import { createCallerFactory, router } from "./trpc.ts";

/** Every procedure of the site. */
export const appRouter = router({
  session: sessionRouter,
  projects: projectsRouter,
  data: dataRouter,
  runs: runsRouter,
  models: modelsRouter,
  inspections: inspectionsRouter,
  review: reviewRouter,
});
export type AppRouter = typeof appRouter;

/** Calls procedures without HTTP, with the same checks. */
export const createCaller = createCallerFactory(appRouter);
