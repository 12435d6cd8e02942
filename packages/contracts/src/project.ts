import { z } from "zod";

import { ProjectId } from "./ids.ts";

export const ProjectName = z
  .string()
  .trim()
  .min(1, "Give the project a name")
  .max(80, "At most 80 characters");

export const CreateProjectInput = z.strictObject({ name: ProjectName });
export type CreateProjectInput = z.infer<typeof CreateProjectInput>;

export const ProjectView = z.object({
  id: ProjectId,
  name: z.string(),
  createdAt: z.date(),
  imageCount: z.int(),
  categoryCount: z.int(),
  openCaseCount: z.int(),
  modelCount: z.int(),
  /** Sequence number of the newest event; a page hydrated now asks for what came after. */
  eventSequence: z.int(),
});
export type ProjectView = z.infer<typeof ProjectView>;
