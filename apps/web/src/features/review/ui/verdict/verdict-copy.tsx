import type { VerdictValue } from "@loupe/contracts";
import { Check, CircleHelp, X } from "lucide-react";
import type { ReactNode } from "react";

type VerdictCopy = {
  readonly word: string;
  /** As in "Reviewer North decided good". */
  readonly past: string;
  readonly key: string;
  readonly colour: string;
  readonly icon: ReactNode;
};

/** Word, key, colour and sign of each verdict. */
export const VERDICT_COPY: Readonly<Record<VerdictValue, VerdictCopy>> = {
  good: {
    word: "Good",
    past: "decided good",
    key: "1",
    colour: "text-good",
    icon: <Check aria-hidden />,
  },
  defective: {
    word: "Defective",
    past: "decided defective",
    key: "2",
    colour: "text-defect",
    icon: <X aria-hidden />,
  },
  unsure: {
    word: "Unsure",
    past: "was unsure",
    key: "3",
    colour: "text-unsure",
    icon: <CircleHelp aria-hidden />,
  },
};
