/** @file `npm run release -- 1.2.3`: see CONTRIBUTING.md. */
import { describeFailure } from "../process/describe-failure.ts";
import { ExpectedFailure } from "../process/expected-failure.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { release } from "./release.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const [version] = args;
    if (version === undefined || args.length > 1) {
      throw new ExpectedFailure(
        `Expected one version such as 1.2.3, got "${args.join(" ")}". npm run release -- 1.2.3`,
      );
    }
    const date = new Date().toISOString().slice(0, 10);
    const tag = await release(REPOSITORY_ROOT, { version, date });
    process.stdout.write(
      `Committed and tagged ${tag}. Look at it, then: git push && git push origin ${tag}\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}
