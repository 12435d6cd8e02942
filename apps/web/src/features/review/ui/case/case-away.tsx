import { CloudOff } from "lucide-react";

import { Kbd } from "../../../../components/kbd.tsx";

/** The chosen case is not on this machine, and there is no line to fetch it. */
export function CaseAway({ fileName }: { readonly fileName: string | undefined }) {
  return (
    <div
      role="status"
      className="bg-stage text-stage-ink grid place-content-center justify-items-center gap-1.5 px-6 py-10 text-center"
    >
      <CloudOff aria-hidden className="mb-1 size-6 stroke-[1.5]" />
      <p className="max-w-md font-medium text-balance">
        {fileName ?? "This case"} is not on this machine yet; it opens when the line is back.
      </p>
      <p className="text-stage-ink-2 text-sm">
        <Kbd className="border-stage-line bg-transparent">J</Kbd>{" "}
        <Kbd className="border-stage-line bg-transparent">K</Kbd> go on to the others.
      </p>
    </div>
  );
}
