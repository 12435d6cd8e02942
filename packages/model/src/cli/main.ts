/** @file Command line of the model library alone. */
import { runLoupe } from "./run-loupe.ts";

process.exitCode = await runLoupe(process.argv.slice(2));
