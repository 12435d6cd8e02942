/** @file `npm run migrate`: bring the tables of `DATABASE_URL` to this version, without starting anything. */
import { environment } from "../env.ts";
import { describeFailure } from "../process/describe-failure.ts";
import { ExpectedFailure } from "../process/expected-failure.ts";
import { runCommand } from "../process/run-command.ts";
import { refuseOldNode } from "../start/refuse-old-node.ts";
import { migrateDatabase } from "./migrate-database.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    refuseOldNode(process.versions.node);
    const { DATABASE_URL: url } = environment();
    if (url === undefined) {
      throw new ExpectedFailure(
        "Expected DATABASE_URL to name a PostgreSQL, got nothing. Set it, or use npm start, which keeps its own database up to date.",
      );
    }
    const { exitCode } = await runCommand("npm", ["run", "--silent", "generate"], {
      isQuiet: true,
    });
    if (exitCode !== 0) throw new ExpectedFailure("The database client could not be generated.");
    process.stdout.write(`${await migrateDatabase(url)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}
