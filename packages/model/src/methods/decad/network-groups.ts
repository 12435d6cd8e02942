import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import type { Parameter } from "../../graph/index.ts";
import type { ParameterGroup } from "../../optim/index.ts";

/** Scope of the module's weights in a method or a host. */
export const MODULE_SCOPE = "decad";

/** Matrices decayed, vectors not. */
function byRank(
  parameters: readonly Parameter[],
  options: Omit<ParameterGroup, "parameters" | "decay">,
): ParameterGroup[] {
  const matrices = parameters.filter(({ shape }) => shape.length > 1);
  const vectors = parameters.filter(({ shape }) => shape.length <= 1);
  return [
    { parameters: matrices, ...options },
    { parameters: vectors, decay: 0, ...options },
  ].filter((group) => group.parameters.length > 0);
}

/**
 * The groups of a method with the module: the invertible network with a learning rate and a limit
 * of its own, since a solve amplifies gradients by up to 1 / (1 − L) in each unit.
 */
export function networkGroups(
  parameters: readonly Parameter[],
  { networkRate, networkClipNorm }: DecadModuleSettings,
): ParameterGroup[] {
  const prefix = `${MODULE_SCOPE}/network/`;
  const isNetwork = ({ attrs }: Parameter): boolean => attrs.name.startsWith(prefix);
  return [
    ...byRank(
      parameters.filter((parameter) => !isNetwork(parameter)),
      {},
    ),
    ...byRank(parameters.filter(isNetwork), { rateScale: networkRate, clipNorm: networkClipNorm }),
  ];
}
