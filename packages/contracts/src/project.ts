import { z } from "zod";

import { ModelVersionId, ProjectId } from "./ids.ts";
import { NAME_LENGTH, plainText } from "./text.ts";

export const ProjectName = plainText({
  longest: NAME_LENGTH,
  whenEmpty: "Give the project a name",
});

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
  /** The version that scores for the team; null before the first. */
  activeModel: z
    .object({
      id: ModelVersionId,
      number: z.int(),
      /** Whether undecided cases of other versions are still being scored with it. */
      isRescoring: z.boolean(),
    })
    .nullable(),
  /** Sequence number of the newest event; a page hydrated now asks for what came after. */
  eventSequence: z.int(),
});
export type ProjectView = z.infer<typeof ProjectView>;
