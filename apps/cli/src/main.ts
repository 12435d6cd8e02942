/** @file The command line `loupe`: that of the model library, and the demo world's pictures. */
import { runLoupe } from "@loupe/model/cli";

import { demoDataCommand } from "./demo-data-command.ts";

process.exitCode = await runLoupe(process.argv.slice(2), {
  "demo-data": {
    usage: "demo-data DIR [--seed N]             render the demo world's products in MVTec layout",
    run: demoDataCommand,
  },
});
