import {
  CaseId,
  NOTIFY_LIMIT_BYTES,
  PRESENCE_EXPIRY_MS,
  PresenceMessage,
  ProjectId,
  UserId,
  type Presence,
} from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { PresenceInbox } from "./presence-inbox.ts";
import { presenceName } from "./presence-name.ts";
import { PresenceOutbox } from "./presence-outbox.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const CASES = [0, 1, 2].map((n) => CaseId.parse(`01890000-0000-7000-8000-00000000000${n}`));

function tab(connectionId: string, caseId: CaseId | null = null): Presence {
  const user = { id: UserId.parse(connectionId), name: "Reviewer North", site: "Plant North" };
  return { projectId, connectionId, user, caseId, runId: null };
}

/** What a reader of the inbox knows after these messages. */
function read(inbox: PresenceInbox, messages: readonly PresenceMessage[], nowMs = 0) {
  const known = new Map<string, Presence>();
  for (const message of messages) {
    const { here, gone } = inbox.accept(message, nowMs);
    for (const presence of here) known.set(presenceName(presence), presence);
    for (const key of gone) known.delete(presenceName(key));
  }
  return [...known.values()].toSorted((a, b) => a.connectionId.localeCompare(b.connectionId));
}

type Step = { readonly tab: number; readonly does: "comes" | "goes" | "tells" | "lists" };

const steps = fc.array(
  fc.record<Step>({
    tab: fc.integer({ min: 0, max: 120 }),
    does: fc.constantFrom("comes", "comes", "goes", "tells", "lists"),
  }),
  { maxLength: 60 },
);

test("whatever the bus loses, doubles or swaps, after the next whole list all agree", () => {
  const journeys = steps.chain((taken) => {
    const outbox = new PresenceOutbox("north");
    const here = new Map<string, Presence>();
    const told: PresenceMessage[] = [];
    taken.forEach((step, i) => {
      const presence = tab(`tab ${step.tab}`, CASES[i % 3]);
      if (step.does === "comes") {
        outbox.set(presence);
        here.set(presence.connectionId, presence);
      } else if (step.does === "goes") {
        outbox.remove(presence);
        here.delete(presence.connectionId);
      } else {
        told.push(...(step.does === "tells" ? outbox.takeChanges() : outbox.takeList()));
      }
    });
    const lastList = outbox.takeList();
    const doubled = [...told, ...told];
    const arriving = fc
      .shuffledSubarray(doubled)
      .chain((some) =>
        fc.shuffledSubarray([...some, ...lastList], { minLength: some.length + lastList.length }),
      );
    return fc.record({ here: fc.constant(here), arriving });
  });
  fc.assert(
    fc.property(journeys, ({ here, arriving }) => {
      const expected = [...here.values()].toSorted((a, b) =>
        a.connectionId.localeCompare(b.connectionId),
      );
      expect(read(new PresenceInbox(), arriving)).toEqual(expected);
    }),
  );
});

test("messages in order need no list", () => {
  const outbox = new PresenceOutbox("north");
  const inbox = new PresenceInbox();
  outbox.set(tab("a"));
  outbox.set(tab("b"));
  const first = outbox.takeChanges();
  outbox.remove(tab("a"));
  outbox.set(tab("b", CASES[1]));
  outbox.set(tab("b", CASES[2]));
  expect(read(inbox, [...first, ...outbox.takeChanges()])).toEqual([tab("b", CASES[2])]);
  expect(outbox.takeChanges()).toEqual([]);
});

test("a thousand people with long names go through the bus in messages that fit", () => {
  const outbox = new PresenceOutbox("north");
  const here = Array.from({ length: 1000 }, (_, i) => ({
    ...tab(`tab ${i}`),
    user: { id: UserId.parse(`person ${i}`), name: "検".repeat(100), site: "査".repeat(80) },
  }));
  for (const presence of here) outbox.set(presence);
  const changes = outbox.takeChanges();
  for (const messages of [changes, outbox.takeList()]) {
    for (const message of messages) {
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(NOTIFY_LIMIT_BYTES);
      expect(PresenceMessage.parse(message)).toEqual(message);
    }
    expect(read(new PresenceInbox(), messages)).toHaveLength(1000);
  }
});

test("a process that falls silent is forgotten with its people, one that goes on is not", () => {
  const inbox = new PresenceInbox();
  const [north, south] = ["north", "south"].map((name) => new PresenceOutbox(name));
  north!.set(tab("n"));
  south!.set(tab("s"));
  read(inbox, [...north!.takeChanges(), ...south!.takeChanges()], 0);
  read(inbox, south!.takeList(), PRESENCE_EXPIRY_MS - 1);
  expect(inbox.expire(PRESENCE_EXPIRY_MS - 1)).toEqual([]);
  expect(inbox.expire(PRESENCE_EXPIRY_MS)).toEqual([{ projectId, connectionId: "n" }]);
  expect(inbox.knows("north")).toBe(false);
  expect(inbox.knows("south")).toBe(true);
  expect(inbox.expire(PRESENCE_EXPIRY_MS)).toEqual([]);
});
