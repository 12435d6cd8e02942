import fc from "fast-check";

import { environment } from "../env.ts";

// A check of a change must say the same each time; other seeds look further.
const { LOUPE_PROPERTY_SEED: seed, LOUPE_PROPERTY_RUNS: numRuns } = environment();
fc.configureGlobal({ seed, numRuns });
