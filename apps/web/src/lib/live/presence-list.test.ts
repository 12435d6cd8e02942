import { CaseId, ProjectId, UserId, type Presence, type PresenceUpdate } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyPresence, EMPTY_PRESENCE, listTabs, lookAt } from "./presence-list.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const here = CaseId.parse("01890000-0000-7000-8000-00000000000a");
const there = CaseId.parse("01890000-0000-7000-8000-00000000000b");

function tab(connectionId: string, caseId: CaseId | null = null): Presence {
  const user = { id: UserId.parse(`user of ${connectionId}`), name: "Reviewer North", site: null };
  return { projectId, connectionId, user, caseId, runId: null };
}

function update(change: Partial<PresenceUpdate>): PresenceUpdate {
  return { projectId, focusId: null, isWhole: false, here: [], gone: [], people: 0, ...change };
}

const names = (list: typeof EMPTY_PRESENCE) => listTabs(list, undefined).map((p) => p.connectionId);

test("keeps the project's people and those of the open case apart, and shows them as one", () => {
  let list = lookAt(EMPTY_PRESENCE, here);
  list = applyPresence(list, update({ isWhole: true, here: [tab("a"), tab("b")], people: 900 }));
  list = applyPresence(list, update({ focusId: here, here: [tab("c", here)], people: 3 }));
  expect(names(list)).toEqual(["a", "b", "c"]);
  expect([list.project.people, list.focus.people]).toEqual([900, 3]);

  list = applyPresence(list, update({ gone: ["a"], people: 899 }));
  expect(names(list)).toEqual(["b", "c"]);
  expect(listTabs(list, "b").map((p) => p.connectionId)).toEqual(["c"]);
});

test("forgets who was on the case that was left, and what is said of it late", () => {
  let list = lookAt(EMPTY_PRESENCE, here);
  list = applyPresence(list, update({ focusId: here, here: [tab("c", here)], people: 2 }));
  list = lookAt(list, there);
  list = applyPresence(list, update({ focusId: here, here: [tab("d", here)], people: 3 }));
  expect(names(list)).toEqual([]);
  expect(list.focus.people).toBe(0);
});

test("a whole list replaces what was known, a doubled change changes nothing", () => {
  let list = applyPresence(EMPTY_PRESENCE, update({ here: [tab("a"), tab("b")], people: 2 }));
  const change = update({ here: [tab("c")], gone: ["a"], people: 2 });
  list = applyPresence(applyPresence(list, change), change);
  expect(names(list)).toEqual(["b", "c"]);
  list = applyPresence(list, update({ isWhole: true, here: [tab("z")], people: 1 }));
  expect(names(list)).toEqual(["z"]);
});
