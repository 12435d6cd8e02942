import { VerdictValue } from "@loupe/contracts";

import { Kbd } from "../../../../components/kbd.tsx";
import { cn } from "../../../../lib/cn.ts";
import type { CaseVerdictDoor } from "./use-case-verdict.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";

/** The verdicts that can be given, side by side, each with its key. */
export function VerdictButtons({ verdict }: { readonly verdict: CaseVerdictDoor }) {
  return (
    <div className="flex gap-1">
      {VerdictValue.options.map((value) => {
        const { word, key, colour, icon } = VERDICT_COPY[value];
        const isChosen = verdict.value === value;
        return (
          <button
            key={value}
            type="button"
            aria-pressed={isChosen}
            disabled={verdict.isSending}
            onClick={() => verdict.choose(value)}
            className={cn(
              "hover:bg-sunken flex h-9.5 grow items-center gap-1 rounded-md border px-1.5 text-sm font-medium disabled:opacity-60 pointer-coarse:h-11",
              isChosen
                ? "border-current bg-[color-mix(in_oklch,currentColor_8%,var(--panel))]"
                : "border-line-strong bg-panel",
              isChosen && colour,
            )}
          >
            <span aria-hidden className={cn("[&>svg]:size-3.5", colour)}>
              {icon}
            </span>
            <span className="text-ink">{word}</span>
            <Kbd className="ml-auto max-xl:hidden">{key}</Kbd>
          </button>
        );
      })}
    </div>
  );
}
