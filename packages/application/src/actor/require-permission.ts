import { AppError, can, type Action } from "@loupe/contracts";

import type { Actor } from "./actor.ts";

/** Let an actor do only what role or scopes allow. Throws FORBIDDEN. */
export function requirePermission(actor: Actor, action: Action): void {
  switch (actor.kind) {
    case "person":
      if (can(actor.role, action)) return;
      throw new AppError("FORBIDDEN", `Your role (${actor.role}) may not do this.`);
    case "api-key":
      if (actor.scopes.includes(action)) return;
      throw new AppError(
        "FORBIDDEN",
        `Expected a key with the scope ${action}. Ask an owner for one.`,
      );
    case "system":
      return;
  }
}
