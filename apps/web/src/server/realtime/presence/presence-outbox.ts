import {
  NOTIFY_LIMIT_BYTES,
  type Presence,
  type PresenceKey,
  type PresenceMessage,
} from "@loupe/contracts";

import { presenceName } from "./presence-name.ts";

/** What surrounds the tabs of a message: names, brackets, numbers and the process' id. */
const ENVELOPE_BYTES = 400;

/** What this process has to tell the others of its own browsers: each change once, however often it changed. */
export class PresenceOutbox {
  readonly #here = new Map<string, Presence>();
  readonly #changed = new Map<string, PresenceKey>();
  #version = 0;

  constructor(private readonly processId: string) {}

  /** True when no browser of this process is present anywhere. */
  get isEmpty(): boolean {
    return this.#here.size === 0;
  }

  set(presence: Presence): void {
    const name = presenceName(presence);
    this.#here.set(name, presence);
    this.#changed.set(name, presence);
  }

  /** False when nobody knew of it. */
  remove({ projectId, connectionId }: PresenceKey): boolean {
    const name = presenceName({ projectId, connectionId });
    if (!this.#here.delete(name)) return false;
    this.#changed.set(name, { projectId, connectionId });
    return true;
  }

  /** Every browser of this process is gone. */
  clear(): void {
    this.#here.clear();
  }

  /** What has changed since it was last told, in messages that fit through the bus. */
  takeChanges(): PresenceMessage[] {
    if (this.#changed.size === 0) return [];
    this.#version++;
    const here: Presence[] = [];
    const gone: PresenceKey[] = [];
    for (const [name, { projectId, connectionId }] of this.#changed) {
      const presence = this.#here.get(name);
      if (presence === undefined) gone.push({ projectId, connectionId });
      else here.push(presence);
    }
    this.#changed.clear();
    return [
      ...intoPages(here).map((page) => this.#message({ here: page })),
      ...intoPages(gone).map((page) => this.#message({ gone: page })),
    ];
  }

  /** Everyone, which tells the changes too. */
  takeList(): PresenceMessage[] {
    this.#version++;
    this.#changed.clear();
    const pages = intoPages([...this.#here.values()]);
    if (pages.length === 0) pages.push([]);
    return pages.map((here, page) => this.#message({ here, list: { page, pages: pages.length } }));
  }

  #message(content: Partial<PresenceMessage>): PresenceMessage {
    const { processId } = this;
    const version = this.#version;
    return { kind: "presence", processId, version, here: [], gone: [], list: null, ...content };
  }
}

function intoPages<T>(items: readonly T[]): T[][] {
  const pages: T[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > room) {
      pages.push([]);
      room = NOTIFY_LIMIT_BYTES - ENVELOPE_BYTES;
    }
    pages.at(-1)?.push(item);
    room -= bytes;
  }
  return pages;
}
