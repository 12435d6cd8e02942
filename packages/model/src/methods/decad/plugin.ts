import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import {
  add,
  div,
  inverseStd,
  mul,
  normalise,
  type Parameter,
  reduceMean,
  slice,
  stopGradient,
  type Value,
} from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import type { ParameterGroup } from "../../optim/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { MethodContext, MethodData, MethodLoss } from "../method.ts";
import { decouple } from "./decouple.ts";
import { abnormalLevel, evaluationSolver, moduleParts, remainderOf } from "./module-parts.ts";
import { MODULE_SCOPE, networkGroups } from "./network-groups.ts";
import { prepareModule } from "./prepare-module.ts";

/** Added to a token's variance before the root, as `normalise` does. */
const EPSILON = 1e-5;

/** A host's choice. */
export type PluginSettings = {
  readonly plugin: "none" | "decad";
  readonly decad: DecadModuleSettings;
};

export type HostTokens = {
  /** What the host would go on with, [images, tokens, width]. */
  readonly tokens: Value;
  /** The same without noise. */
  readonly clean: Value;
  readonly context: Pick<MethodContext, "steps" | "gridSize">;
  /** The host's loss of the first images from their remainder, without noise and dropout. */
  readonly hostLoss: (remainder: Value) => Value;
};

export type Plugged = {
  readonly tokens: Value;
  /** What the module adds to the host's step; null without it. */
  readonly added: Required<MethodLoss> | null;
};

/** Remainder of normalised tokens with the mean and deviation that the host's tokens had. */
function restored(remainder: Value, host: Value): Value {
  const mean = reduceMean(host, { axes: [-1], keepDims: true });
  return add(div(remainder, inverseStd(host, EPSILON)), mean);
}

/**
 * A host's tokens in training with DecAD's module in front of what follows.
 *
 * Each token is brought to mean 0 and deviation 1 for the module and back behind it, so the radius
 * of the synthesis keeps its share of the token's norm whatever the host's scale.
 */
export function pluggedTokens(p: Parameters, host: HostTokens, settings: PluginSettings): Plugged {
  if (settings.plugin === "none") return { tokens: host.tokens, added: null };
  const { tokens: remainder, ...added } = decouple(p.scope(MODULE_SCOPE), {
    tokens: normalise(host.tokens, EPSILON),
    clean: normalise(host.clean, EPSILON),
    settings: settings.decad,
    context: host.context,
    hostLoss: (part) => {
      const end = part.shape[0] ?? 1;
      const same = stopGradient(slice(host.tokens, { axis: 0, start: 0, end }));
      return host.hostLoss(restored(part, same));
    },
  });
  return { tokens: restored(remainder, host.tokens), added };
}

/** A host's tokens when it scores, and the norm of what was taken out of them [images, tokens]. */
export function pluggedScoring(
  p: Parameters,
  tokens: Value,
  { plugin, decad }: PluginSettings,
): { tokens: Value; abnormal: Value | null } {
  if (plugin === "none") return { tokens, abnormal: null };
  const parts = moduleParts(p.scope(MODULE_SCOPE), tokens.shape.at(-1) ?? 1, decad);
  const solver = evaluationSolver(decad);
  const normalised = normalise(tokens, EPSILON);
  const remainder = remainderOf(parts, normalised, { solver, openness: null });
  const abnormal = decad.abnormalWeight > 0 ? abnormalLevel(parts, remainder) : null;
  return { tokens: restored(remainder.tokens, tokens), abnormal };
}

/** Distances of every layer with the weighted abnormal norm shared among them. */
export function withAbnormal(
  distances: readonly Value[],
  abnormal: Value | null,
  { abnormalWeight }: DecadModuleSettings,
): readonly Value[] {
  if (abnormal === null || abnormalWeight === 0) return distances;
  const share = mul(abnormal, abnormalWeight / distances.length);
  return distances.map((distance) => add(distance, share));
}

/** A host's training step with the module's part in it. */
export function joinedLoss(host: MethodLoss, added: Required<MethodLoss> | null): MethodLoss {
  if (added === null) return host;
  return {
    loss: add(host.loss, added.loss),
    terms: { ...host.terms, ...added.terms },
    watched: { ...host.watched, ...added.watched },
    buffers: [...(host.buffers ?? []), ...added.buffers],
    signals: { ...host.signals, ...added.signals },
  };
}

/** Groups of a host with the module; undefined without it, for the usual ones. */
export function pluginGroups({ plugin, decad }: PluginSettings): {
  groups?: (parameters: readonly Parameter[]) => ParameterGroup[];
} {
  if (plugin === "none") return {};
  return { groups: (parameters) => networkGroups(parameters, decad) };
}

/** What the module measures in a host before the first step; nothing without it. */
export async function preparePlugin(
  p: Parameters,
  {
    tokens,
    settings,
    measured = {},
  }: {
    /** The host's tokens without noise, as a graph. */
    tokens: Value;
    settings: PluginSettings;
    measured?: Readonly<Record<string, Tensor>>;
  },
  data: MethodData,
): Promise<Record<string, Tensor>> {
  if (settings.plugin === "none") return { ...measured };
  const own = await prepareModule(
    p.scope(MODULE_SCOPE),
    { tokens: normalise(tokens, EPSILON), settings: settings.decad, measured },
    data,
  );
  return { ...measured, ...own };
}
