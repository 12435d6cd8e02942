"use client";

import { can, type Action, type ProjectId, type Role } from "@loupe/contracts";
import { createContext, useContext, type ReactNode } from "react";

export type CurrentProject = {
  readonly id: ProjectId;
  readonly name: string;
  /** My role in it. */
  readonly role: Role;
};

const ProjectContext = createContext<CurrentProject | null>(null);

/** Says which project the page is about. */
export function ProjectProvider({
  project,
  children,
}: {
  readonly project: CurrentProject;
  readonly children: ReactNode;
}) {
  return <ProjectContext.Provider value={project}>{children}</ProjectContext.Provider>;
}

/** The project of the page. */
export function useProject(): CurrentProject {
  const project = useContext(ProjectContext);
  if (!project) throw new Error("Expected a ProjectProvider above this component, found none");
  return project;
}

/** Whether my role in this project allows something; what it forbids is not shown. */
export function useCan(action: Action): boolean {
  return can(useProject().role, action);
}
