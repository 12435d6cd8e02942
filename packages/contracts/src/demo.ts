import { z } from "zod";

import { DemoWorldId, ProjectId, RunId } from "./ids.ts";

/** What the first start makes: nothing, people alone, or people and a project that fills by itself. */
export const DEMO_CONTENTS = ["none", "empty", "tiny", "full"] as const;
export const DemoContent = z.enum(DEMO_CONTENTS);
export type DemoContent = z.infer<typeof DemoContent>;

/** The way of a demo project, in order. A phase that was interrupted is taken up again. */
export const DEMO_PHASES = [
  "rendering",
  "importing",
  "freezing",
  "training",
  "inspecting",
  "reviewing",
  "done",
] as const;
export const DemoPhase = z.enum(DEMO_PHASES);
export type DemoPhase = z.infer<typeof DemoPhase>;

/** What a demo project is filled with; kept in its row, so that an update changes no half-made one. */
export const DemoPlan = z.object({
  seed: z.int().min(0),
  /** Pixels along either side of a picture. */
  size: z.int(),
  products: z.array(z.string()).min(1),
  /** Pictures of each product. */
  counts: z.object({ train: z.int(), good: z.int(), defective: z.int() }),
  /** New pictures of a product that a site sends to be scored. */
  inspected: z.object({ good: z.int(), defective: z.int() }),
  /** A method that needs no training, run first, so that the model can be held against it; null: none. */
  yardstick: z.string().nullable(),
  run: z.object({
    method: z.string(),
    /** Null: `loupe` where a worker has it, else whatever the worker has. */
    encoder: z.string().nullable(),
    steps: z.int(),
    batch: z.int(),
    seed: z.int(),
    settings: z.record(z.string(), z.json()),
  }),
});
export type DemoPlan = z.infer<typeof DemoPlan>;

/** How far a demo project has come. */
export const DemoProgress = z.object({
  id: DemoWorldId,
  projectId: ProjectId,
  phase: DemoPhase,
  /** Within the phase, such as pictures rendered. */
  done: z.int(),
  total: z.int(),
  /** One sentence about what stands in the way, or what could not be made. */
  problem: z.string().nullable(),
  /** The run that trains its model, once there is one. */
  runId: RunId.nullable(),
});
export type DemoProgress = z.infer<typeof DemoProgress>;

/** The demo project of a first start. */
export const FULL_DEMO: DemoPlan = {
  seed: 0,
  size: 384,
  products: ["bottle_cap", "circuit_board", "gasket", "machined_plate", "woven_fabric"],
  counts: { train: 60, good: 20, defective: 30 },
  inspected: { good: 4, defective: 8 },
  yardstick: "bank",
  // Fewer steps than a person's run has by default: it shares a small machine with its first visitors.
  run: { method: "rd", encoder: null, steps: 300, batch: 4, seed: 0, settings: {} },
};

/** The same in small, for tests: one product, a few pictures, a model in seconds. */
export const TINY_DEMO: DemoPlan = {
  seed: 0,
  size: 128,
  products: ["gasket"],
  counts: { train: 8, good: 4, defective: 10 },
  inspected: { good: 1, defective: 2 },
  yardstick: "bank",
  run: { method: "rd", encoder: null, steps: 30, batch: 2, seed: 0, settings: { width: 64 } },
};
