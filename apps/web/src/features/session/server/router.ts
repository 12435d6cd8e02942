import { router, signedInProcedure } from "../../../server/trpc.ts";
import { me } from "./me.ts";

export const sessionRouter = router({
  me: signedInProcedure.query(({ ctx }) => me(ctx)),
});
