import { UNDO_WINDOW_MS, type CaseId, type GiveVerdictInput } from "@loupe/contracts";

import { AddressEcho } from "./address-echo.ts";
import {
  choose,
  draw,
  erase,
  goOn,
  isInView,
  list,
  move,
  scroll,
  startDesk,
  type Desk,
  type DeskRow,
} from "./desk.ts";
import { sayUndo, type UndoFate } from "../verdict/say-undo.ts";

/** A verdict that its author may still take back. */
export type GivenVerdict = {
  readonly input: GiveVerdictInput;
  readonly fileName: string;
  readonly givenAtMs: number;
};

/** What the last key or click did, in words; an undo may go with it. */
export type DeskMessage =
  | { readonly kind: "given"; readonly verdict: GivenVerdict }
  | {
      readonly kind: "said";
      readonly sentence: string;
      /** Key of the verdict whose taking back this is about. */
      readonly undoOf: string | null;
    };

export type DeskSnapshot = { readonly desk: Desk; readonly message: DeskMessage | null };

type DeskStoreOptions = {
  readonly selected: CaseId | null;
  /** Puts the chosen case into the address. */
  readonly writeAddress: (id: CaseId) => void;
  readonly now: () => number;
  /** Run work after a while; returns what calls it off. */
  readonly schedule: (work: () => void, afterMs: number) => () => void;
};

/**
 * The desk of one page, changed at once by every key and click.
 *
 * React and the address follow it some moments later, so two quick keys are two steps, whatever
 * has been rendered in between.
 */
export class DeskStore {
  #snapshot: DeskSnapshot;
  #given: readonly GivenVerdict[] = [];
  #callOff: () => void = () => undefined;
  readonly #echo = new AddressEcho();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: DeskStoreOptions) {
    this.#snapshot = { desk: startDesk(options.selected), message: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): DeskSnapshot => this.#snapshot;

  readonly choose = (id: CaseId): void => this.#turn(choose(this.#desk, id));
  readonly move = (step: 1 | -1): void => this.#turn(move(this.#desk, step));
  readonly list = (rows: readonly DeskRow[]): void => this.#turn(list(this.#desk, rows));
  readonly draw = (id: CaseId): void => this.#turn(draw(this.#desk, id));
  readonly scroll = (id: CaseId, isInWindow: boolean): void =>
    this.#turn(scroll(this.#desk, id, isInWindow));
  readonly erase = (id: CaseId): void => this.#turn(erase(this.#desk, id));

  isInView(id: CaseId): boolean {
    return isInView(this.#desk, id);
  }

  /** The address shows another case, or none: a link or a filter was followed. */
  readonly followAddress = (id: CaseId | null): void => {
    if (this.#echo.isOurs(id) || id === this.#desk.selected) return;
    this.#show({ ...this.#snapshot, desk: choose(this.#desk, id) });
  };

  /** A verdict on the case in view has been given: remember it for an undo, and go on at once. */
  give(input: GiveVerdictInput, fileName: string, onTheirWay: ReadonlySet<CaseId>): void {
    const verdict = { input, fileName, givenAtMs: this.options.now() };
    this.#given = [...this.#undoable(), verdict];
    this.#turn(goOn(this.#desk, new Set([...onTheirWay, input.caseId])));
    this.#tell({ kind: "given", verdict });
  }

  /** The newest verdict that may still be taken back, which its caller then does; null for none. */
  undo(): GivenVerdict | null {
    const given = this.#undoable();
    const last = given.at(-1) ?? null;
    this.#given = given.slice(0, -1);
    if (last === null) {
      this.say("Nothing to take back: that works for your own verdicts, for ten seconds.");
      return null;
    }
    this.choose(last.input.caseId);
    this.tellUndo(last, { kind: "asked" });
    return last;
  }

  /** How taking a verdict back goes on. A refusal is said whatever stands there by now. */
  tellUndo(given: Pick<GivenVerdict, "input" | "fileName">, fate: UndoFate): void {
    const { message } = this.#snapshot;
    const undoOf = given.input.idempotencyKey;
    const isAboutIt = message === null || (message.kind === "said" && message.undoOf === undoOf);
    if (!isAboutIt && (fate.kind === "waiting" || fate.kind === "done")) return;
    this.#tell({ kind: "said", sentence: sayUndo(given, fate), undoOf });
  }

  /** Say something about the last key or click for as long as an undo is offered. */
  say(sentence: string): void {
    this.#tell({ kind: "said", sentence, undoOf: null });
  }

  get #desk(): Desk {
    return this.#snapshot.desk;
  }

  #undoable(): readonly GivenVerdict[] {
    const sinceMs = this.options.now() - UNDO_WINDOW_MS;
    return this.#given.filter(({ givenAtMs }) => givenAtMs > sinceMs);
  }

  #turn(desk: Desk): void {
    const before = this.#desk;
    if (desk === before) return;
    this.#show({ ...this.#snapshot, desk });
    if (desk.selected === before.selected || desk.selected === null) return;
    this.#echo.wrote(desk.selected);
    this.options.writeAddress(desk.selected);
  }

  #tell(message: DeskMessage): void {
    this.#callOff();
    this.#show({ ...this.#snapshot, message });
    this.#callOff = this.options.schedule(
      () => this.#show({ ...this.#snapshot, message: null }),
      UNDO_WINDOW_MS,
    );
  }

  #show(snapshot: DeskSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
