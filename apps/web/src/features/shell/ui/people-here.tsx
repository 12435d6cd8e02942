"use client";

import { Avatar } from "../../../components/avatar.tsx";
import { listPeople, useLive } from "../../../lib/live/live-provider.tsx";
import { useMe } from "../../session/index.ts";

const SHOWN = 4;

/** Who else is in the project right now. */
export function PeopleHere() {
  const me = useMe();
  const live = useLive();
  const people = listPeople(live.others, me.user.id);
  if (people.length === 0) return null;
  // Of a crowd only some are known by name.
  const hidden = Math.max(people.length, live.people - 1) - SHOWN;
  return (
    <ul aria-label="Also here" className="flex pl-1.5">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.user.id} className="-ml-1.5">
          <Avatar id={person.user.id} name={person.user.name} site={person.user.site} />
        </li>
      ))}
      {hidden > 0 && (
        <li className="num text-ink-2 ml-1 self-center text-sm">+{hidden.toLocaleString("en")}</li>
      )}
    </ul>
  );
}
