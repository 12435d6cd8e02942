import { PRESENCE_EXPIRY_MS, ProjectId, UserId, type Presence } from "@loupe/contracts";
import { expect, test } from "vitest";

import { PresenceRegistry } from "./presence-registry.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const elsewhere = ProjectId.parse("01890000-0000-7000-8000-000000000002");

function aPresence(connectionId: string, project = projectId): Presence {
  const user = { id: UserId.parse("user"), name: "Reviewer North", site: "Plant North" };
  return { projectId: project, connectionId, user, caseId: null, runId: null };
}

test("a browser that stays silent is gone after the expiry, one that beats is not", () => {
  const registry = new PresenceRegistry();
  registry.note(aPresence("silent"), 0);
  registry.note(aPresence("beating"), 0);
  registry.note(aPresence("beating"), PRESENCE_EXPIRY_MS - 1);

  expect(registry.expire(PRESENCE_EXPIRY_MS - 1)).toEqual([]);
  expect(registry.list(projectId, PRESENCE_EXPIRY_MS)).toEqual([aPresence("beating")]);
  expect(registry.expire(PRESENCE_EXPIRY_MS)).toEqual([aPresence("silent")]);
  expect(registry.expire(PRESENCE_EXPIRY_MS)).toEqual([]);
});

test("keeps the projects apart", () => {
  const registry = new PresenceRegistry();
  registry.note(aPresence("tab", elsewhere), 0);
  expect(registry.list(projectId, 0)).toEqual([]);
  expect(registry.remove(projectId, "tab")).toBe(false);
  expect(registry.remove(elsewhere, "tab")).toBe(true);
  expect(registry.list(elsewhere, 0)).toEqual([]);
});
