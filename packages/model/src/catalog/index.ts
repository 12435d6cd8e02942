/**
 * @file The model library's catalogue: names, titles, settings and estimates as plain data and zod
 * schemas. Browsers import this door; it pulls in nothing that needs Node.
 */
export { DEFAULT_ENCODER } from "./default-encoder.ts";
export { type CataloguedEncoder, ENCODER_CATALOGUE, findCatalogued } from "./encoder-catalogue.ts";
export { EncoderInfo, EncoderLayer } from "./encoder-info.ts";
export { type EncoderView, viewEncoder } from "./encoder-view.ts";
export { estimateRun, type RunEstimate, type RunPlan } from "./estimate-run.ts";
export {
  type EncoderCost,
  type MethodEntry,
  type MethodPreset,
  PRESET_NAMES,
  type PresetName,
} from "./method-entry.ts";
export {
  type GaugeWords,
  type LineGauges,
  type MethodWords,
  type ShareGauges,
  TRAINED_WORDS,
} from "./method-words.ts";
export {
  METHODS,
  METHOD_NAMES,
  RUN_DEFAULTS,
  BASELINE_METHOD,
  type MethodName,
} from "./methods.ts";
export {
  parseSettings,
  presetRun,
  settingNames,
  type SettingsChoice,
  SettingsError,
} from "./parse-settings.ts";
export { PROVIDERS, Provider } from "./providers.ts";
