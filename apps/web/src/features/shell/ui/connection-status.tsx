"use client";

import { CircleDot, LoaderCircle, WifiOff } from "lucide-react";

import { formatCount } from "../../../lib/format-count.ts";
import type { LiveState } from "../../../lib/live/line-state.ts";
import { useLive } from "../../../lib/live/live-provider.tsx";

const SIGN = {
  connecting: <LoaderCircle aria-hidden className="text-ink-3 size-3 animate-spin" />,
  live: <CircleDot aria-hidden className="text-good size-3" />,
  reconnecting: <LoaderCircle aria-hidden className="text-warn size-3 animate-spin" />,
  offline: <WifiOff aria-hidden className="text-defect size-3" />,
} as const satisfies Record<LiveState, unknown>;

/** How the connection is doing; always in view. */
export function ConnectionStatus() {
  const { state, caughtUp } = useLive();
  return (
    <>
      <span className="flex items-center gap-1.5">
        {SIGN[state]}
        <span role="status" aria-label="Connection" className="text-ink font-medium">
          {state}
        </span>
      </span>
      <span aria-live="polite" className="num">
        {caughtUp !== null &&
          (caughtUp === 0
            ? "Back online. Nothing was missed."
            : `Back online. Caught up with ${formatCount(caughtUp, "change")}.`)}
      </span>
    </>
  );
}
