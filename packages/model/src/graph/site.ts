import { fileURLToPath } from "node:url";

import type { Site } from "./value.ts";

/** Folders whose frames are the engine's own: the model's line is the first frame outside them. */
const ENGINE = fileURLToPath(new URL("../", import.meta.url)).replaceAll("\\", "/");
const ENGINE_FOLDERS = ["graph", "autodiff", "nn", "optim", "tensor", "onnx"];

let inherited: Site | null = null;

function isEngineFrame(frame: string): boolean {
  if (!frame.includes(ENGINE) || frame.includes(".test.ts")) return false;
  return ENGINE_FOLDERS.some((folder) => frame.includes(`${ENGINE}${folder}/`));
}

/** `path/to/file.ts:12` from a stack frame, without the machine's folders. */
function readFrame(frame: string): string {
  const place = /\(?((?:file:\/\/)?[^()\s]+):(\d+):\d+\)?\s*$/.exec(frame);
  if (place?.[1] === undefined || place[2] === undefined) return frame.trim();
  const path = place[1].replace(/^file:\/\//, "");
  const inPackage = path.lastIndexOf("/src/");
  return `${inPackage >= 0 ? path.slice(inPackage + 1) : path}:${place[2]}`;
}

class StackSite implements Site {
  readonly #holder: { stack?: string } = {};
  #line: string | null = null;

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 24;
    Error.captureStackTrace(this.#holder, StackSite);
    Error.stackTraceLimit = limit;
  }

  describe(): string {
    if (this.#line !== null) return this.#line;
    const frames = (this.#holder.stack ?? "").split("\n").slice(1);
    const frame = frames.find((candidate) => !isEngineFrame(candidate));
    this.#line = frame === undefined ? "an unknown line" : readFrame(frame);
    delete this.#holder.stack;
    return this.#line;
  }
}

/** The place in the model's code that is building a value right now. */
export function currentSite(): Site {
  return inherited ?? new StackSite();
}

/** Run `build` so that what it builds counts as built at `site`: gradients belong to their forward line. */
export function atSite<T>(site: Site, build: () => T): T {
  const outer = inherited;
  inherited = site;
  try {
    return build();
  } finally {
    inherited = outer;
  }
}
