import { organisationProcedure, router, signedInProcedure } from "../../../server/trpc.ts";
import { me } from "./me.ts";
import { readStorage } from "./read-storage.ts";

export const sessionRouter = router({
  /** For those whose uploads and trainings need room. */
  storage: organisationProcedure("data:write").query(({ ctx }) => readStorage(ctx.services)),
  me: signedInProcedure.query(({ ctx }) => me(ctx)),
});
