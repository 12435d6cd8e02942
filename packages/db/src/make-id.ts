import { v7 } from "uuid";

/** A new id, UUID v7: ids made later sort behind, so an index grows at its end. */
export function makeId(): string {
  return v7();
}
