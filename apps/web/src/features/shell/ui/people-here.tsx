"use client";

import { Avatar } from "../../../components/avatar.tsx";
import { listPeople, useLive } from "../../../lib/live/live-provider.tsx";
import { useMe } from "../../session/index.ts";

const SHOWN = 4;

/** Who else is in the project right now. */
export function PeopleHere() {
  const me = useMe();
  const people = listPeople(useLive().others, me.user.id);
  if (people.length === 0) return null;
  return (
    <ul aria-label="Also here" className="flex pl-1.5">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.user.id} className="-ml-1.5">
          <Avatar id={person.user.id} name={person.user.name} site={person.user.site} />
        </li>
      ))}
      {people.length > SHOWN && (
        <li className="num text-ink-2 ml-1 self-center text-sm">+{people.length - SHOWN}</li>
      )}
    </ul>
  );
}
