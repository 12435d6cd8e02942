import type { FreezeView } from "@loupe/contracts";

import { Progress } from "../../../components/progress.tsx";
import { formatCount } from "../../../lib/format-count.ts";

/** How far a version is that is being frozen. */
export function FreezeProgress({ freeze }: { readonly freeze: FreezeView }) {
  const { name, status, imagesDone, imagesTotal } = freeze;
  const isCounting = status === "queued" || imagesTotal === null;
  return (
    <div className="grid gap-1.5" role="status">
      <p className="num text-sm">
        {status === "queued" && "Waiting for a worker"}
        {status !== "queued" && imagesTotal === null && "Noting which images there are"}
        {!isCounting &&
          (imagesDone < imagesTotal
            ? `${imagesDone.toLocaleString("en")} of ${formatCount(imagesTotal, "image")}`
            : `Writing down ${formatCount(imagesTotal, "image")}`)}
      </p>
      <Progress
        label={name === null ? "Freezing a version" : `Freezing ${name}`}
        share={isCounting || imagesDone >= imagesTotal ? null : imagesDone / imagesTotal}
      />
    </div>
  );
}
