"use client";

import { can } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { FolderPlus, Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "../../../components/button.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useMe } from "../../session/index.ts";
import { NewProjectDialog } from "./new-project-dialog.tsx";
import { ProjectCard } from "./project-card.tsx";

/** Events reach the pages of one project; the counts of all of them are asked for. */
const COUNTS_EVERY_MS = 10_000;

/** All projects of the organisation. */
export function ProjectsPage() {
  const trpc = useTRPC();
  const me = useMe();
  const [isCreating, setIsCreating] = useState(false);
  const projects = useQuery(
    trpc.projects.list.queryOptions(undefined, { refetchInterval: COUNTS_EVERY_MS }),
  );
  const mayCreate = can(me.role, "project:write");

  const newProject = (
    <Button tone="primary" onClick={() => setIsCreating(true)}>
      <Plus aria-hidden className="size-4" /> New project
    </Button>
  );

  return (
    <div className="mx-auto w-full max-w-5xl pb-10">
      <PageHeader
        title="Projects"
        trail={me.organisation.name}
        facts={
          projects.data && (
            <span className="num text-ink-3 text-sm">
              {formatCount(projects.data.length, "project")}
            </span>
          )
        }
        actions={mayCreate && projects.data && projects.data.length > 0 && newProject}
      />
      <div className="px-5.5">
        {projects.isPending && (
          <div role="status" className="grid grid-cols-[repeat(auto-fill,minmax(260px,1fr))] gap-3">
            <span className="sr-only">Loading projects…</span>
            <Skeleton className="h-32" />
            <Skeleton className="h-32" />
          </div>
        )}
        {projects.isError && (
          <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />
        )}
        {projects.data?.length === 0 && (
          <EmptyState
            icon={<FolderPlus />}
            title="No project yet"
            action={mayCreate && newProject}
            className="border-line-strong rounded-lg border border-dashed py-16"
          >
            {mayCreate
              ? "A project holds the pictures of one product family, its models and its decisions."
              : "An owner or an engineer creates the first one. You will see it here."}
          </EmptyState>
        )}
        {projects.data && projects.data.length > 0 && (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(260px,1fr))] gap-3">
            {projects.data.map((project) => (
              <li key={project.id}>
                <ProjectCard project={project} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <NewProjectDialog isOpen={isCreating} onOpenChange={setIsCreating} />
    </div>
  );
}
