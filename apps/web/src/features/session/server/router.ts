import { readStorage } from "@loupe/application";

import { organisationDoor, router, signedInProcedure } from "../../../server/trpc.ts";
import { me } from "./me.ts";

export const sessionRouter = router({
  storage: organisationDoor(readStorage).query(({ ctx }) => readStorage(ctx.caller, ctx.services)),
  me: signedInProcedure.query(({ ctx }) => me(ctx.signIn, ctx.ports)),
});
