import { Star } from "lucide-react";

import { Chip } from "../../../components/chip.tsx";

/** Marks the version that scores for the team. */
export function ActiveChip() {
  return (
    <Chip tone="accent" icon={<Star />}>
      Active
    </Chip>
  );
}
