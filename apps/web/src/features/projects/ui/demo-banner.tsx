"use client";

import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import Link from "next/link";

import { Notice } from "../../../components/notice.tsx";
import { Progress } from "../../../components/progress.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";
import { describeDemo } from "./describe-demo.ts";
import { useProject } from "./project-provider.tsx";

/** How far the demo project has come, on every page of it until it is done. */
export function DemoBanner() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const { data: demo } = useQuery(trpc.projects.demo.queryOptions({ projectId }));
  if (demo === undefined || demo === null) return null;
  if (demo.problem !== null) {
    return (
      <Notice tone="warn" icon={<Info />} className="rounded-none border-x-0 border-t-0 px-3.5">
        {demo.problem}
      </Notice>
    );
  }
  const copy = describeDemo(demo);
  if (copy === null) return null;
  return (
    <section
      aria-label="The demo is being prepared"
      className="border-line bg-accent-soft flex items-center gap-3.5 border-b px-3.5 py-2 text-sm"
    >
      <p className="num">
        <b className="font-semibold">Preparing the demo.</b> {copy.text}
        {demo.runId !== null && demo.phase === "training" && (
          <>
            {" · "}
            <Link
              href={`/projects/${projectId}/train/${demo.runId}`}
              className="text-accent font-medium underline-offset-2 hover:underline"
            >
              Watch it learn
            </Link>
          </>
        )}
      </p>
      <Progress label="Preparing the demo" share={copy.share} className="ml-auto w-40 shrink-0" />
    </section>
  );
}
