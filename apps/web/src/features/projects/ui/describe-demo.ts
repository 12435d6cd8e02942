import type { DemoProgress } from "@loupe/contracts";

export type DemoCopy = {
  readonly text: string;
  /** 0 to 1; null where the end is not known or shown elsewhere. */
  readonly share: number | null;
};

/** What a demo project is doing, in words; null when there is nothing to say. */
export function describeDemo({ phase, done, total }: DemoProgress): DemoCopy | null {
  const share = total === 0 ? null : done / total;
  const count = total === 0 ? "" : `: ${done} of ${total}`;
  switch (phase) {
    case "rendering":
      return { text: `Rendering pictures${count}`, share };
    case "importing":
      return { text: "Importing the pictures", share };
    case "freezing":
      return { text: "Freezing the first version", share };
    case "training":
      return { text: "Training a model", share };
    case "inspecting":
      return { text: "Sending new pictures to be scored", share };
    case "reviewing":
      return { text: `Reviewing the first cases${count}`, share };
    case "done":
      return null;
  }
}
