import { ProjectEvent, ProjectId, type ProjectEventBody } from "@loupe/contracts";

/** A name for the n-th thing of a test. */
export const testUuid = (n: number): string =>
  `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** The project of tests that know only one. */
export const TEST_PROJECT = ProjectId.parse(testUuid(1));

/** The project's event with a number. */
export function anEvent(sequence: number, body: ProjectEventBody): ProjectEvent {
  return ProjectEvent.parse({ projectId: TEST_PROJECT, sequence, at: new Date(0), body });
}
