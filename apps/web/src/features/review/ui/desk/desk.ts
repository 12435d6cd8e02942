import type { CaseId, CaseRow } from "@loupe/contracts";

import { nextUndecided } from "../queue/queue-order.ts";

export type DeskRow = Pick<CaseRow, "id" | "state">;

/**
 * One person's desk: which case they chose, and which one they can see.
 *
 * Only their own click or key moves them on. Answers, events and pictures may come whenever they
 * like: they change what is known and what is drawn, never what is chosen.
 */
export type Desk = {
  readonly selected: CaseId | null;
  /** The case whose picture and panel are on the screen now; lags behind while the next one loads. */
  readonly drawn: CaseId | null;
  /** The case whose viewer is in the window now: where the page scrolls, it may be above or below. */
  readonly inWindow: CaseId | null;
  /** The case whose picture has been drawn in the window; it stays seen while it is drawn. */
  readonly seen: CaseId | null;
  /** The queue as it is listed. */
  readonly rows: readonly DeskRow[];
  /** The newest list in which the chosen case stood: J and K go on from its place there. */
  readonly around: readonly CaseId[];
};

export function startDesk(selected: CaseId | null): Desk {
  return { selected, drawn: null, inWindow: null, seen: null, rows: [], around: [] };
}

/** Choose a case; null leaves the choice to the next list. */
export function choose(desk: Desk, id: CaseId | null): Desk {
  return id === desk.selected ? desk : lookAround({ ...desk, selected: id });
}

/** The queue came, or changed. Whoever has chosen nothing yet begins at its head. */
export function list(desk: Desk, rows: readonly DeskRow[]): Desk {
  const selected = desk.selected ?? rows[0]?.id ?? null;
  return lookAround({ ...desk, selected, rows });
}

/** One case down or up; the same desk at the ends of the queue. */
export function move(desk: Desk, step: 1 | -1): Desk {
  const next = neighbourOf(desk, step);
  return next === null ? desk : choose(desk, next);
}

/** A case's picture and panel have been drawn. */
export function draw(desk: Desk, id: CaseId): Desk {
  return desk.drawn === id ? desk : look({ ...desk, drawn: id });
}

/** A case's viewer has come into the window, or has been scrolled out of it. */
export function scroll(desk: Desk, id: CaseId, isInWindow: boolean): Desk {
  if ((desk.inWindow === id) === isInWindow) return desk;
  // What was left behind may say late that it is out: that takes nothing from the next one.
  return look({ ...desk, inWindow: isInWindow ? id : null });
}

/** A case's picture and panel are gone from the screen. */
export function erase(desk: Desk, id: CaseId): Desk {
  const { drawn, inWindow, seen } = desk;
  if (drawn !== id && inWindow !== id && seen !== id) return desk;
  const without = (other: CaseId | null) => (other === id ? null : other);
  return { ...desk, drawn: without(drawn), inWindow: without(inWindow), seen: without(seen) };
}

/**
 * True for the case that is chosen, drawn, and has been seen: the only one that may be decided.
 *
 * Whoever has seen the picture may scroll on to the buttons below it.
 */
export function isInView(desk: Desk, id: CaseId): boolean {
  return desk.selected === id && isSeen(desk, id);
}

/** True while a case is drawn whose picture has been in the window. */
export function isSeen({ drawn, seen }: Desk, id: CaseId): boolean {
  return drawn === id && seen === id;
}

/** True while the chosen case stands in the queue. */
export function isListed(desk: Desk): boolean {
  return desk.rows.some((row) => row.id === desk.selected);
}

/**
 * After a verdict on the case in view: on to the next one that is still to decide.
 *
 * @param onTheirWay cases that are as good as decided
 */
export function goOn(desk: Desk, onTheirWay: ReadonlySet<CaseId>): Desk {
  const { selected, rows } = desk;
  if (selected === null) return desk;
  if (isListed(desk)) return choose(desk, nextUndecided(rows, selected, onTheirWay) ?? selected);
  const below = neighbourOf(desk, 1);
  if (below === null) return desk;
  const row = rows.find(({ id }) => id === below);
  const isOpen = row !== undefined && row.state !== "decided" && !onTheirWay.has(below);
  return choose(desk, isOpen ? below : (nextUndecided(rows, below, onTheirWay) ?? below));
}

/** A picture is seen when it is drawn and in the window at the same time. */
function look(desk: Desk): Desk {
  const { drawn, inWindow } = desk;
  return drawn !== null && drawn === inWindow ? { ...desk, seen: drawn } : desk;
}

function lookAround(desk: Desk): Desk {
  return isListed(desk) ? { ...desk, around: desk.rows.map(({ id }) => id) } : desk;
}

/** The neighbour in the queue; of a case that has left it, that of the place where it stood. */
function neighbourOf({ selected, rows, around }: Desk, step: 1 | -1): CaseId | null {
  const listed = rows.map(({ id }) => id);
  const at = selected === null ? -1 : listed.indexOf(selected);
  if (at >= 0) return listed[at + step] ?? null;
  const stood = selected === null ? -1 : around.indexOf(selected);
  if (stood < 0) return (step === 1 ? listed[0] : listed.at(-1)) ?? null;
  const still = new Set(listed);
  const onThatSide = step === 1 ? around.slice(stood + 1) : around.slice(0, stood).reverse();
  return onThatSide.find((id) => still.has(id)) ?? null;
}
