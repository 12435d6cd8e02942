"use client";

import type { ProjectView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { Progress } from "../../../components/progress.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { describeDemo } from "./describe-demo.ts";

/** Nobody is told of events outside of a project's own pages, so a demo that fills is asked for. */
const DEMO_EVERY_MS = 2_000;

/** The next thing to do in a project, which is where its card leads. */
function nextStep(project: ProjectView): { path: string; text: string } {
  if (project.imageCount === 0) return { path: "data", text: "Import pictures" };
  if (project.modelCount === 0) return { path: "train", text: "Train a model" };
  if (project.openCaseCount > 0) {
    return { path: "review", text: `${formatCount(project.openCaseCount, "case")} to decide` };
  }
  return { path: "review", text: "Nothing to decide" };
}

/** A project at a glance. */
export function ProjectCard({ project }: { readonly project: ProjectView }) {
  const step = nextStep(project);
  return (
    <Link
      href={`/projects/${project.id}/${step.path}`}
      className="border-line bg-panel shadow-card hover:border-line-strong grid h-full content-between gap-6 rounded-lg border p-4 transition-colors"
    >
      <div>
        <h2 className="text-lg font-semibold tracking-tight break-words">{project.name}</h2>
        <p className="num text-ink-2 mt-0.5 text-sm">
          {formatCount(project.imageCount, "image")} ·{" "}
          {formatCount(project.categoryCount, "category", "categories")} ·{" "}
          {formatCount(project.modelCount, "model")}
        </p>
      </div>
      {project.modelCount > 0 ? (
        <NextStep text={step.text} />
      ) : (
        <FirstStep project={project} text={step.text} />
      )}
    </Link>
  );
}

function NextStep({ text }: { readonly text: string }) {
  return <p className="num text-accent text-sm font-medium">{text} →</p>;
}

/** Of a project without a model: how far a demo has come that fills by itself, else what to do. */
function FirstStep({ project, text }: { readonly project: ProjectView; readonly text: string }) {
  const trpc = useTRPC();
  const { data: demo } = useQuery(
    trpc.projects.demo.queryOptions(
      { projectId: project.id },
      {
        refetchInterval: ({ state: { data } }) =>
          data != null && describeDemo(data) !== null ? DEMO_EVERY_MS : false,
      },
    ),
  );
  const copy = demo == null || demo.problem !== null ? null : describeDemo(demo);
  if (copy === null) return <NextStep text={text} />;
  return (
    <div className="grid gap-1.5">
      <p className="num text-ink-2 text-sm">Fills by itself. {copy.text}</p>
      <Progress label={`Preparing ${project.name}`} share={copy.share} />
    </div>
  );
}
