import { runCommand } from "../process/run-command.ts";

type Step = { readonly name: string; readonly script: string };

/** Cheap first, so that a slip is known within seconds. The steps of a stage run side by side. */
const STAGES: readonly (readonly Step[])[] = [
  [{ name: "generate", script: "generate" }],
  [{ name: "format", script: "format:check" }],
  [
    { name: "lint", script: "lint" },
    { name: "types", script: "types" },
    { name: "boundaries", script: "boundaries" },
    { name: "dead code", script: "dead-code" },
  ],
];

process.exitCode = await check();

/** Run the whole check, stopping at the first stage that fails; returns the exit code. */
async function check(): Promise<number> {
  const begin = performance.now();
  for (const stage of STAGES) {
    const failed = (await Promise.all(stage.map((step) => runStep(step, begin)))).filter(
      ({ exitCode }) => exitCode !== 0,
    );
    if (failed.length === 0) continue;
    for (const { name, exitCode } of failed) {
      process.stdout.write(`\n${name} failed (exit code ${exitCode}); the tests were not run\n`);
    }
    // The last line is the sum of the tests, also when a check before them failed.
    process.stdout.write(`0 passed, ${failed.length} failed\n`);
    return 1;
  }
  process.stdout.write("\n== tests (npm run test) ==\n");
  const env = { LOUPE_COVERAGE: "1" };
  return (await runCommand("npm", ["run", "--silent", "test"], { env })).exitCode;
}

/** What a step says on standard output is shown once it has ended, so that none speak at once. */
async function runStep(
  { name, script }: Step,
  begin: number,
): Promise<{ name: string; exitCode: number }> {
  const start = performance.now();
  const { exitCode, stdout } = await runCommand("npm", ["run", "--silent", script], {
    isQuiet: true,
  });
  const times = `${seconds(start)} s, ${seconds(begin)} s since the check began`;
  process.stdout.write(`\n== ${name} (npm run ${script}): ${times} ==\n${stdout}`);
  return { name, exitCode };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
