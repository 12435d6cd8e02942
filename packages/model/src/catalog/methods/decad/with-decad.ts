import { z } from "zod";

import type { HostEntry } from "../../host-entry.ts";
import type { MethodEntry } from "../../method-entry.ts";
import { withPluginCost } from "./cost.ts";
import { type DecadModuleSettings, PLUGIN_SETTINGS } from "./module-settings.ts";
import { MODULE_GAUGES } from "./words.ts";

type Plugin = typeof PLUGIN_SETTINGS;

type With<Entry, Shape extends z.ZodRawShape> = Omit<Entry, "settings"> & {
  readonly settings: z.ZodObject<Shape, z.core.$strict>;
};

/**
 * A host as the catalogue offers it: its own entry with the plug-in's settings, cost and gauges.
 *
 * @param paper the module's settings in the host's preset `paper`, where they differ from its defaults
 */
export function withDecad<Shape extends z.ZodRawShape>(
  host: With<HostEntry, Shape>,
  paper: Partial<DecadModuleSettings> = {},
): With<MethodEntry, Shape & Plugin> {
  const { tokens, presets, words, ...entry } = host;
  const settings = z.strictObject({ ...host.settings.shape, ...PLUGIN_SETTINGS });
  const plugged = z.object(PLUGIN_SETTINGS);
  const ownPaper = presets.paper.settings;
  const hasOwn = Object.keys(paper).length > 0;
  return {
    ...entry,
    settings,
    words: { ...words, gauges: { ...words.gauges, ...MODULE_GAUGES } },
    presets: {
      ...presets,
      paper: { ...presets.paper, settings: { ...ownPaper, ...(hasOwn && { decad: paper }) } },
    },
    cost: (given, encoder) => {
      const { plugin, decad } = plugged.parse(given);
      const own = withoutPlugin(settings.parse(given));
      const at = tokens(own, encoder);
      return withPluginCost(host.cost(own, encoder), { plugin, decad }, at);
    },
  };
}

/** What a host's own settings know. */
function withoutPlugin(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !(name in PLUGIN_SETTINGS)),
  );
}
