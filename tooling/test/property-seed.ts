import fc from "fast-check";

// A check of a change must say the same each time; LOUPE_PROPERTY_SEED tries other examples.
fc.configureGlobal({
  seed: Number(process.env["LOUPE_PROPERTY_SEED"] ?? 1),
  numRuns: Number(process.env["LOUPE_PROPERTY_RUNS"] ?? 200),
});
