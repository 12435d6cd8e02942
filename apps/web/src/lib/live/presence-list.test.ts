import { PRESENCE_EXPIRY_MS, type Presence } from "@loupe/contracts";
import { expect, test } from "vitest";

import { addPresence, dropExpired, removePresence } from "./presence-list.ts";

const presence = (connectionId: string) =>
  ({
    projectId: "p",
    connectionId,
    user: { id: "u", name: "Reviewer North" },
    caseId: null,
    runId: null,
  }) as Presence;

test("forgets a tab that has been silent for the expiry time, and only that one", () => {
  let list = addPresence(new Map(), presence("a"), 0);
  list = addPresence(list, presence("b"), 5_000);
  const later = dropExpired(list, PRESENCE_EXPIRY_MS + 1);
  expect([...later.keys()]).toEqual(["b"]);
});

test("a heartbeat keeps a tab alive", () => {
  let list = addPresence(new Map(), presence("a"), 0);
  list = addPresence(list, presence("a"), 20_000);
  expect(dropExpired(list, PRESENCE_EXPIRY_MS + 1).size).toBe(1);
});

test("changes nothing, not even the object, when nothing happens", () => {
  const list = addPresence(new Map(), presence("a"), 0);
  expect(dropExpired(list, 10)).toBe(list);
  expect(removePresence(list, "unknown")).toBe(list);
});
