import type { z } from "zod";

import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import {
  add,
  div,
  inverseStd,
  normalise,
  reduceMean,
  slice,
  stopGradient,
  type Value,
} from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Host, HostTraining } from "../host.ts";
import type {
  GradientMethod,
  MethodContext,
  MethodData,
  MethodLoss,
  MethodMaps,
} from "../method.ts";
import { decouple } from "./decouple.ts";
import {
  abnormalLevel,
  evaluationSolver,
  keptChannels,
  moduleParts,
  remainderOf,
} from "./module-parts.ts";
import { MODULE_SCOPE, networkGroups } from "./network-groups.ts";
import { prepareModule } from "./prepare-module.ts";
import { residualGuard } from "./residual-guard.ts";
import { withAbnormal } from "./with-abnormal.ts";

/** Added to a token's variance before the root, as `normalise` does. */
const EPSILON = 1e-5;

/** What a person chose in a host's settings. */
type PluginSettings = {
  readonly plugin: "none" | "decad";
  readonly decad: DecadModuleSettings;
};

/** Remainder of normalised tokens with the mean and standard deviation that the host's tokens had. */
function restored(remainder: Value, host: Value): Value {
  const mean = reduceMean(host, { axes: [-1], keepDims: true });
  return add(div(remainder, inverseStd(host, EPSILON)), mean);
}

/**
 * A host's training step with the module in front of its decoder.
 *
 * Each token is brought to mean 0 and standard deviation 1 for the module and back behind it, so the
 * radius of the synthesis keeps its share of the token's norm whatever the host's scale.
 */
function pluggedLoss(
  p: Parameters,
  { intoPlugin, clean, gridSize, loss, quietLoss }: HostTraining,
  { settings, steps }: { settings: DecadModuleSettings; steps: number },
): MethodLoss {
  const { tokens, ...added } = decouple(p.scope(MODULE_SCOPE), {
    tokens: normalise(intoPlugin, EPSILON),
    clean: normalise(clean, EPSILON),
    settings,
    context: { steps, gridSize },
    hostLoss: (part) => {
      const end = part.shape[0] ?? 1;
      const same = stopGradient(slice(intoPlugin, { axis: 0, start: 0, end }));
      return quietLoss(restored(part, same));
    },
  });
  const host = loss(restored(tokens, intoPlugin));
  return {
    loss: add(host.loss, added.loss),
    terms: { ...host.terms, ...added.terms },
    watched: { ...host.watched, ...added.watched },
    buffers: [...(host.buffers ?? []), ...added.buffers],
    signals: { ...host.signals, ...added.signals },
  };
}

/** A host's maps with the abnormal part taken out of its tokens, and weighed in. */
function pluggedMaps(
  p: Parameters,
  { tokens, distances, onGrid, maps }: ReturnType<Host["score"]>,
  settings: DecadModuleSettings,
): MethodMaps {
  const parts = moduleParts(p.scope(MODULE_SCOPE), tokens.shape.at(-1) ?? 1, settings);
  const solver = evaluationSolver(settings);
  const normalised = normalise(tokens, EPSILON);
  const remainder = remainderOf(parts, normalised, { solver, openness: null });
  const found = distances(restored(remainder.tokens, tokens));
  if (settings.abnormalWeight === 0) return maps(found);
  return maps(withAbnormal(found, onGrid(abnormalLevel(parts, remainder)), settings));
}

/** What host and module measure before the first step; the host the same with and without it. */
async function prepare(
  { host, plugin, decad }: PluginSettings & { readonly host: Host },
  { p, context }: { p: Parameters; context: MethodContext },
  data: MethodData,
): Promise<Record<string, Tensor>> {
  const lowChannels = (width: number): number => width - keptChannels(width, decad);
  const measured = (await host.prepare?.(p, context, { ...data, lowChannels })) ?? {};
  if (plugin === "none") return measured;
  const tokens = normalise(host.score(p, context).tokens, EPSILON);
  const request = { tokens, settings: decad, measured };
  return { ...measured, ...(await prepareModule(p.scope(MODULE_SCOPE), request, data)) };
}

/**
 * A host as a method whose settings choose whether DecAD's module stands in front of its decoder.
 *
 * @param schema the host's settings with `plugin` and `decad`, as the catalogue has them
 */
export function withDecad<Settings>(
  schema: z.ZodType<Settings & PluginSettings>,
  makeHost: (settings: Settings) => Host,
): (unparsed: unknown) => GradientMethod {
  return (unparsed) => {
    const settings = schema.parse(unparsed);
    const { plugin, decad } = settings;
    const host = makeHost(settings);
    const { view, schedule, scoring } = host;
    const isPlugged = plugin === "decad";
    return {
      kind: "gradient",
      settings,
      scoring,
      view,
      schedule: {
        ...schedule,
        ...(isPlugged && { groups: (parameters) => networkGroups(parameters, decad) }),
      },
      loss: (p, context) => {
        const training = host.train(p, context);
        if (!isPlugged) return training.loss(training.tokens);
        return pluggedLoss(p, training, { settings: decad, steps: context.steps });
      },
      maps: (p, context) => {
        const scored = host.score(p, context);
        if (isPlugged) return pluggedMaps(p, scored, decad);
        return scored.maps(scored.distances(scored.tokens));
      },
      prepare: (p, context, data) => prepare({ host, plugin, decad }, { p, context }, data),
      guard: residualGuard(),
      imageScore: (tokens, map) => host.imageScore(tokens, map),
    };
  };
}
