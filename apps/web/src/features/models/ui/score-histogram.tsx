"use client";

import type { ModelVersionView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Card } from "../../../components/card.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { Histogram } from "../../../components/histogram.tsx";
import { Select } from "../../../components/select.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";

/** How the scores of good and of defective test images lie, in one category or all. */
export function ScoreHistogram({ model }: { readonly model: ModelVersionView }) {
  const trpc = useTRPC();
  const { projectId, id: modelVersionId } = model;
  const [category, setCategory] = useState("");
  const scores = useQuery(trpc.models.scores.queryOptions({ projectId, modelVersionId }));
  const categories = [...new Set(scores.data?.map((image) => image.category))].sort();
  const shown = scores.data?.filter((image) => category === "" || image.category === category);
  const of = (label: "good" | "defective") =>
    shown?.filter((image) => image.label === label).map((image) => image.score) ?? [];

  return (
    <Card
      title="Scores"
      note={`image scores of version ${model.number} on dataset ${model.datasetVersion.number}`}
      actions={
        categories.length > 1 && (
          <Select
            aria-label="Category of the histogram"
            className="w-40"
            value={category}
            onChange={(event) => setCategory(event.target.value)}
          >
            <option value="">All categories</option>
            {categories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )
      }
    >
      {scores.isError && <ErrorState error={scores.error} onRetry={() => void scores.refetch()} />}
      {scores.isPending && <Skeleton className="h-52" />}
      {scores.data && (
        <Histogram
          label={`Score histogram${category === "" ? "" : ` of ${category}`}`}
          groups={[
            { name: "good", scores: of("good"), look: "plain" },
            { name: "defective", scores: of("defective"), look: "hatched" },
          ]}
        />
      )}
    </Card>
  );
}
