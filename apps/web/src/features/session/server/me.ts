import { whoAmI, type Ports, type Standing } from "@loupe/application";
import type { UserId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import type { SignIn } from "../../../server/context.ts";

export type Me = Standing & { user: { id: UserId; name: string; email: string } };

/** Who is signed in, in which organisation, and with which role. */
export async function me(signIn: SignIn, ports: Ports): Promise<Me> {
  const standing = await whoAmI(callerOf(signIn), ports);
  const { id, name, email } = signIn.user;
  return { user: { id, name, email }, ...standing };
}
