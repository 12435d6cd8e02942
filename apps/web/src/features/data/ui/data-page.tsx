"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../../components/button.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";
import { CategoryTable } from "./category-table.tsx";
import { FreezeDialog } from "./freeze-dialog.tsx";
import { ImageBrowser } from "./image-browser.tsx";
import { ImportList } from "./import-list.tsx";
import { ImportRegion } from "./import-region.tsx";
import { VersionList } from "./version-list.tsx";

/** Pictures come in here, are looked through, and are frozen into dataset versions. */
export function DataPage() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const mayWrite = useCan("data:write");
  const [isFreezing, setIsFreezing] = useState(false);
  const counts = useQuery(trpc.data.counts.queryOptions({ projectId }));
  const images = counts.data?.reduce(
    (sum, { trainGood, testGood, testDefective, unassigned }) =>
      sum + trainGood + testGood + testDefective + unassigned,
    0,
  );

  return (
    <div className="flex min-h-full flex-col">
      <PageHeader
        title="Data"
        facts={
          images !== undefined && (
            <span className="num text-ink-2 text-sm">
              {formatCount(images, "image")} in{" "}
              {formatCount(counts.data?.length ?? 0, "category", "categories")}
            </span>
          )
        }
        actions={
          mayWrite && (
            <Button
              tone="primary"
              disabled={images === undefined || images === 0}
              onClick={() => setIsFreezing(true)}
            >
              Freeze version
            </Button>
          )
        }
      />
      <div className="grid grow grid-cols-1 items-start gap-4 px-5.5 pb-6 md:grid-cols-[minmax(300px,380px)_minmax(0,1fr)]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {mayWrite && <ImportRegion isFirst={images === 0} />}
          <ImportList />
          <VersionList />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <CategoryTable counts={counts} />
          <ImageBrowser categories={counts.data?.map(({ category }) => category) ?? []} />
        </div>
      </div>
      <FreezeDialog isOpen={isFreezing} onOpenChange={setIsFreezing} />
    </div>
  );
}
