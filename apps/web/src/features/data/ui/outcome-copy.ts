import type { ImportOutcome } from "@loupe/contracts";

import type { ChipTone } from "../../../components/chip.tsx";

type OutcomeCopy = {
  /** For a filter and a count. */
  readonly label: string;
  readonly sentence: string;
  readonly tone: ChipTone;
};

/** What each outcome of a file means for the person who brought it. */
export const OUTCOME_COPY: Readonly<Record<ImportOutcome, OutcomeCopy>> = {
  accepted: { label: "Accepted", tone: "good", sentence: "The image is in the project." },
  mask_accepted: {
    label: "Mask accepted",
    tone: "good",
    sentence: "The mask marks the defects of its image.",
  },
  duplicate: {
    label: "Duplicate",
    tone: "faint",
    sentence: "The project already has this very image; it is kept once.",
  },
  leak: {
    label: "In train and test",
    tone: "warn",
    sentence: "The same image is in the other split; testing on it would flatter the model.",
  },
  not_an_image: { label: "Not an image", tone: "faint", sentence: "This file is not a picture." },
  unsupported_image: {
    label: "Unsupported image",
    tone: "warn",
    sentence: "This kind of picture cannot be read. PNG, JPEG, WebP, TIFF and BMP can.",
  },
  damaged_image: {
    label: "Damaged image",
    tone: "defect",
    sentence: "The picture breaks off or is broken inside. Export it again.",
  },
  too_large: {
    label: "Too large",
    tone: "defect",
    sentence: "The picture is larger than Loupe takes. Bring it in smaller.",
  },
  mask_without_image: {
    label: "Mask without image",
    tone: "warn",
    sentence: "No image of this name was found for the mask.",
  },
  mask_wrong_size: {
    label: "Mask of wrong size",
    tone: "defect",
    sentence: "The mask has another size than its image.",
  },
  mask_empty: { label: "Empty mask", tone: "warn", sentence: "The mask marks nothing." },
  outside_layout: {
    label: "Outside the layout",
    tone: "warn",
    sentence: "The file lies where the layout has no place for it.",
  },
  ignored: { label: "Ignored", tone: "faint", sentence: "A file that has no part in this." },
};
