import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { METHOD_NAMES, METHODS, RUN_DEFAULTS } from "@loupe/model/engine";

import type { CaseOptions } from "./protocol.ts";

/** One thing that is timed, by us and by whoever else can do it. */
export type BenchCase = {
  readonly name: string;
  readonly title: string;
  /** Which subject and which peer's function. */
  readonly kind: "training" | "scoring" | "vision" | "metrics";
  readonly options: CaseOptions & Readonly<Record<string, number | string>>;
  /** A script under `bench/peers`; null when nobody else does this here. */
  readonly peer: string | null;
  /** Whether PyTorch's compiler takes part too. */
  readonly compiled: boolean;
  /** Name of the case that this one is measured by, such as plain reverse distillation. */
  readonly baseline: string | null;
};

export type SuiteOptions = Pick<CaseOptions, "provider" | "threads"> & {
  /** Methods that take part; all when empty. */
  readonly methods: readonly string[];
  /** A folder for what both sides read. */
  readonly folder: string;
};

/** Sizes at which methods are compared: a ViT-S encoder on 272 × 272 pixels. */
const METHOD_SIZES = { gridSize: 17, width: 384, channels: 384 } as const;

/** Sizes of the vision cases: a ViT-Ti encoder on 224 × 224 pixels. */
const VISION_SIZES = { gridSize: 14, width: 384, channels: 192 } as const;

const BASELINE = RUN_DEFAULTS.method;

/** A peer's script, where somebody has written it. */
function peerOf(method: string): string | null {
  const script = `${method.replace("-", "_")}.py`;
  return existsSync(fileURLToPath(new URL(`./peers/${script}`, import.meta.url))) ? script : null;
}

/** A case for each method that learns by gradient descent. */
function methodCases(
  kind: "training" | "scoring",
  batch: number,
  suite: SuiteOptions,
): BenchCase[] {
  const { provider, threads, methods } = suite;
  return METHOD_NAMES.filter((name) => methods.length === 0 || methods.includes(name))
    .filter((name) => METHODS[name].kind === "gradient")
    .map((name) => ({
      name,
      title: METHODS[name].title,
      kind,
      options: { provider, threads, batch, ...METHOD_SIZES, method: name },
      peer: peerOf(name),
      // Its compiler takes a minute; scoring is compiled together with the encoder.
      compiled: name === BASELINE && kind === "training",
      baseline: name === BASELINE ? null : BASELINE,
    }));
}

const visionCase = (
  { provider, threads }: SuiteOptions,
  batch: number,
  method: string | null,
): BenchCase => ({
  name: method === null ? `encoder, batch ${batch}` : `encoder and ${method}, batch ${batch}`,
  title: method === null ? "ViT-Ti/16" : `ViT-Ti/16 and ${method}`,
  kind: "vision",
  options: {
    provider,
    threads,
    batch,
    ...VISION_SIZES,
    ...(method === null ? {} : { method }),
  },
  peer: "vision.py",
  compiled: batch === 1,
  baseline: null,
});

/** What `npm run bench -- <name>` measures. */
export const SUITES = {
  train: (suite) => methodCases("training", 4, suite),
  infer: (suite) => [
    visionCase(suite, 8, null),
    visionCase(suite, 1, BASELINE),
    visionCase(suite, 8, BASELINE),
    ...methodCases("scoring", 1, suite),
  ],
  metrics: ({ provider, threads, folder }) => [
    {
      name: "auroc",
      title: "Image and pixel AUROC of 100 maps of 256 × 256",
      kind: "metrics",
      options: { provider, threads, batch: 100, gridSize: 256, width: 0, channels: 0, folder },
      peer: "metrics.py",
      compiled: false,
      baseline: null,
    },
  ],
} as const satisfies Record<string, (suite: SuiteOptions) => BenchCase[]>;

export type SuiteName = keyof typeof SUITES;

export const SUITE_NAMES = Object.keys(SUITES) as readonly SuiteName[];
