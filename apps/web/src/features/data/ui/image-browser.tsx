"use client";

import { ImageLabel, Split } from "@loupe/contracts";
import { Images } from "lucide-react";

import { Card } from "../../../components/card.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { Select } from "../../../components/select.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { useUrlState } from "../../../lib/use-url-state.ts";
import { useProject } from "../../projects/index.ts";
import { ImageGrid } from "./image-grid.tsx";
import { useImages } from "./use-images.ts";

/** The project's pictures, filtered by category, split and label; the filters are in the address. */
export function ImageBrowser({ categories }: { readonly categories: readonly string[] }) {
  const { id: projectId } = useProject();
  const url = useUrlState();
  const category = url.get("category");
  const split = Split.safeParse(url.get("split")).data;
  const label = ImageLabel.safeParse(url.get("label")).data;
  const images = useImages(projectId, {
    ...(category !== null && { category }),
    ...(split && { split }),
    ...(label && { label }),
  });
  const isFiltered = category !== null || split !== undefined || label !== undefined;
  const rows = images.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = (name: string, value: string) => url.set({ [name]: value === "" ? null : value });

  return (
    <Card
      title="Images"
      actions={
        <>
          <Select
            aria-label="Category"
            className="w-40"
            value={category ?? ""}
            onChange={(event) => set("category", event.target.value)}
          >
            <option value="">All categories</option>
            {categories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
          <Select
            aria-label="Split"
            className="w-28"
            value={split ?? ""}
            onChange={(event) => set("split", event.target.value)}
          >
            <option value="">All splits</option>
            <option value="train">Train</option>
            <option value="test">Test</option>
          </Select>
          <Select
            aria-label="Label"
            className="w-32"
            value={label ?? ""}
            onChange={(event) => set("label", event.target.value)}
          >
            <option value="">All labels</option>
            <option value="good">Good</option>
            <option value="defective">Defective</option>
            <option value="unknown">Unknown</option>
          </Select>
        </>
      }
    >
      {images.isPending && <LoadingRows rows={5} />}
      {images.isError && <ErrorState error={images.error} onRetry={() => void images.refetch()} />}
      {images.data && rows.length === 0 && (
        <EmptyState icon={<Images />} title={isFiltered ? "No image fits" : "No images yet"}>
          {isFiltered
            ? "Change the filters to see others."
            : "Once an import runs, its pictures appear here as they come in."}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <ImageGrid
          rows={rows}
          onNearEnd={() => {
            if (images.hasNextPage && !images.isFetchingNextPage) void images.fetchNextPage();
          }}
        />
      )}
    </Card>
  );
}
