import type { Tensor } from "../tensor/index.ts";
import { Scorer } from "./scorer.ts";
import type { ProbeView } from "./train-events.ts";
import type { TrainingSetup } from "./training-setup.ts";

/**
 * Shows how the probe images look to a detector while it is learning.
 *
 * The scoring graph is loaded at the first look and fed new weights at every other, so that a
 * look costs no more than the scoring.
 */
export class ProbeViewer {
  readonly #setup: TrainingSetup;
  #scorer: Scorer | null = null;

  constructor(setup: TrainingSetup) {
    this.#setup = setup;
  }

  /** The probes under these weights, which have the same names and shapes at every look. */
  async view(weights: Readonly<Record<string, Tensor>>): Promise<ProbeView[]> {
    const { method, context, options, prepared } = this.#setup;
    this.#scorer ??= await Scorer.open(
      { method, context, provider: options.provider, refilled: true },
      weights,
    );
    const views: ProbeView[] = [];
    for (const { id, features } of prepared.probes) {
      views.push({ id, ...(await this.#scorer.score(features, weights)) });
    }
    return views;
  }

  async close(): Promise<void> {
    await this.#scorer?.close();
    this.#scorer = null;
  }
}
