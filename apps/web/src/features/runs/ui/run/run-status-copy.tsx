import type { RunStatus } from "@loupe/contracts";
import { Ban, CircleAlert, CircleCheck, Gauge, Hourglass, Layers, Play } from "lucide-react";
import type { ReactNode } from "react";

import { Chip, type ChipTone } from "../../../../components/chip.tsx";

type StatusCopy = { readonly word: string; readonly tone: ChipTone; readonly icon: ReactNode };

/** Word, colour and sign of each status of a run. */
export const RUN_STATUS_COPY: Readonly<Record<RunStatus, StatusCopy>> = {
  queued: { word: "Queued", tone: "faint", icon: <Hourglass /> },
  caching_features: { word: "Caching features", tone: "accent", icon: <Layers /> },
  training: { word: "Training", tone: "accent", icon: <Play /> },
  evaluating: { word: "Evaluating", tone: "accent", icon: <Gauge /> },
  succeeded: { word: "Succeeded", tone: "good", icon: <CircleCheck /> },
  failed: { word: "Failed", tone: "defect", icon: <CircleAlert /> },
  cancelled: { word: "Cancelled", tone: "faint", icon: <Ban /> },
};

/** The status of a run as a chip. */
export function RunStatusChip({ status }: { readonly status: RunStatus }) {
  const { word, tone, icon } = RUN_STATUS_COPY[status];
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}
