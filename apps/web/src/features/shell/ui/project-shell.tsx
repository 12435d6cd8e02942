"use client";

import type { ProjectView, Role } from "@loupe/contracts";
import { useState, type ReactNode } from "react";

import { FootSlotContext } from "../../../components/foot-slot.tsx";
import { StatusSlotContext } from "../../../components/status-slot.tsx";
import type { LiveFold, TelemetryFold } from "../../../lib/live/live-cache.ts";
import { LiveProvider } from "../../../lib/live/live-provider.tsx";
import type { Theme } from "../../../lib/theme.ts";
import { foldDataEvents, foldImportTelemetry } from "../../data/index.ts";
import { foldInspectionEvents, foldInspectionTelemetry } from "../../inspect/index.ts";
import { foldModelEvents } from "../../models/index.ts";
import { DemoBanner, foldProjectEvents, ProjectProvider } from "../../projects/index.ts";
import { foldReviewEvents, VerdictJournalProvider } from "../../review/index.ts";
import { foldRunEvents, foldRunTelemetry } from "../../runs/index.ts";
import { UserMenu, useMe } from "../../session/index.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { PeopleHere } from "./people-here.tsx";
import { ProjectNav } from "./project-nav.tsx";
import { StorageNotice } from "./storage-notice.tsx";
import { TopBar } from "./top-bar.tsx";

const FOLDS: readonly (LiveFold | TelemetryFold)[] = [
  foldProjectEvents,
  foldDataEvents,
  foldImportTelemetry,
  foldRunEvents,
  foldRunTelemetry,
  foldModelEvents,
  foldReviewEvents,
  foldInspectionEvents,
  foldInspectionTelemetry,
];

type ProjectShellProps = {
  readonly project: ProjectView & { readonly role: Role };
  readonly theme: Theme;
  readonly children: ReactNode;
};

/** The frame of every page of a project: bar, live connection, and the page between them. */
export function ProjectShell({ project, theme, children }: ProjectShellProps) {
  const me = useMe();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [foot, setFoot] = useState<HTMLElement | null>(null);
  const { id, name, role, eventSequence } = project;
  return (
    <ProjectProvider project={{ id, name, role }}>
      <LiveProvider key={id} projectId={id} afterSequence={eventSequence} folds={FOLDS}>
        <StatusSlotContext value={slot}>
          <div className="flex h-dvh flex-col">
            <TopBar
              organisation={me.organisation.name}
              project={name}
              right={
                <>
                  <PeopleHere />
                  <UserMenu theme={theme} />
                </>
              }
            >
              <ProjectNav projectId={id} />
            </TopBar>
            <ConnectionBanner />
            <StorageNotice />
            <DemoBanner />
            <main id="content" className="relative min-h-0 grow overflow-y-auto">
              <FootSlotContext value={foot}>
                <VerdictJournalProvider>{children}</VerdictJournalProvider>
              </FootSlotContext>
            </main>
            <div ref={setFoot} className="shrink-0" />
            <footer className="border-line bg-panel text-ink-2 flex min-h-7.5 shrink-0 items-center gap-4 border-t px-3.5 pb-[env(safe-area-inset-bottom)] text-xs">
              <ConnectionStatus />
              <div
                ref={setSlot}
                className="num ml-auto flex min-w-0 items-center gap-4 whitespace-nowrap"
              />
            </footer>
          </div>
        </StatusSlotContext>
      </LiveProvider>
    </ProjectProvider>
  );
}
