"use client";

import { Undo2 } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Kbd } from "../../../../components/kbd.tsx";
import type { DeskMessage } from "./desk-store.ts";
import { VERDICT_COPY } from "../verdict/verdict-copy.tsx";

type DeskMessageBarProps = {
  readonly message: DeskMessage | null;
  readonly onUndo: () => void;
};

/** Says which case the last key was about, and offers to take a verdict back. */
export function DeskMessageBar({ message, onUndo }: DeskMessageBarProps) {
  return (
    // Over the page, so that nothing moves under the hand, and above where other messages appear.
    // The region is there before its words.
    <div className="pointer-events-none fixed inset-x-0 bottom-28 z-30 flex justify-center px-3">
      <div role="status" aria-label="Last verdict" className="min-w-0">
        {message && (
          <div className="border-line bg-panel shadow-pop pointer-events-auto flex items-center gap-2.5 rounded-lg border px-3 py-1.5 text-sm">
            <p className="min-w-0 break-words">{describe(message)}</p>
            {message.kind === "given" && (
              <Button size="sm" onClick={onUndo}>
                <Undo2 aria-hidden className="size-3.5" /> Undo <Kbd>U</Kbd>
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function describe(message: DeskMessage): string {
  if (message.kind === "said") return message.sentence;
  const { input, fileName } = message.verdict;
  const type = input.defectType === null ? "" : ` (${input.defectType})`;
  return `${VERDICT_COPY[input.value].word}${type}: ${fileName}`;
}
