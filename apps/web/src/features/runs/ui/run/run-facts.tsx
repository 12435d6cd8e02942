import type { RunView } from "@loupe/contracts";

import { Card } from "../../../../components/card.tsx";
import { Facts } from "../../../../components/facts.tsx";
import { methodTitle } from "../method-title.ts";
import { describeLength } from "../method-words.ts";
import { PROVIDER_LABEL } from "../provider-label.ts";
import { presetTitle } from "./used-settings.tsx";

/** What the run was started with, and by whom. */
export function RunFacts({ run }: { readonly run: RunView }) {
  const time = (at: Date | null) => (at === null ? "–" : at.toLocaleString());
  return (
    <Card title="Configuration">
      <Facts
        rows={[
          ["Method", methodTitle(run.method)],
          ["Preset", presetTitle(run.method, run.preset)],
          ["Encoder", run.encoder],
          ["Categories", run.category ?? "all in one model"],
          describeLength(run),
          ["Seed", run.seed],
          ["Computed on", `${PROVIDER_LABEL[run.provider]}${run.device ? `, ${run.device}` : ""}`],
          ["Worker", run.worker ?? "–"],
          ["Started by", run.startedBy],
          ["Asked for", time(run.createdAt)],
          ["Began", time(run.startedAt)],
          ["Ended", time(run.finishedAt)],
        ]}
      />
    </Card>
  );
}
