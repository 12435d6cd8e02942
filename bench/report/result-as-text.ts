import { type CaseResult, isMeasured, type SuiteResult } from "../suite-result.ts";

const MIB = 2 ** 20;

function line(label: string, ...parts: readonly string[]): string {
  return `  ${label.padEnd(32)}${parts.join(", ")}`;
}

function caseLines({ name, ours, peers, costOverBaseline }: CaseResult): string[] {
  const sides = [ours, ...peers].map((side) => {
    if (!isMeasured(side)) return line(side.framework, `not measured: ${side.reason}`);
    const { framework, medianMs, bestMs, openMs, peakBytes, ratio } = side;
    return line(
      framework,
      `${medianMs.toFixed(1)} ms (best ${bestMs.toFixed(1)})`,
      `open ${openMs.toFixed(0)} ms`,
      `peak ${(peakBytes / MIB).toFixed(0)} MiB`,
      ...(ratio === null ? [] : [`ratio ${ratio.toFixed(2)}`]),
    );
  });
  const cost =
    costOverBaseline === null ? [] : [line("over rd", `${costOverBaseline.toFixed(2)} times`)];
  return [name, ...sides, ...cost];
}

/** A suite's figures for a terminal. */
export function resultAsText({ cases }: SuiteResult): string {
  return `${cases.flatMap(caseLines).join("\n")}\n`;
}
