import { AppError, type UserId } from "@loupe/contracts";

import type { Actor, PersonActor } from "./actor.ts";

/** The person who acts. Throws FORBIDDEN where none does. */
export function personOf(actor: Actor): PersonActor {
  if (actor.kind === "person") return actor;
  throw new AppError(
    "FORBIDDEN",
    "Expected a person, since somebody has to answer for this. Do it with your own account.",
  );
}

/** The id of the person who answers for what is done now. Throws FORBIDDEN where nobody does. */
export function authorOf(actor: Actor): UserId {
  return personOf(actor).userId;
}
