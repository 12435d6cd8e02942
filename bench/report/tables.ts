import { type Absence, type Figures, isMeasured, type SuiteResult } from "../suite-result.ts";

const MIB = 2 ** 20;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column < 2 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function sideRow(side: Figures | Absence, ratio: string): string[] {
  if (!isMeasured(side)) return [side.framework, `not measured: ${side.reason}`, "", "", "", ratio];
  const { framework, medianMs, bestMs, openMs, peakBytes } = side;
  return [
    framework,
    milliseconds(medianMs),
    milliseconds(bestMs),
    openMs.toFixed(0),
    (peakBytes / MIB).toFixed(0),
    ratio,
  ];
}

/** Every side of every case. */
export function ratioTable({ cases }: SuiteResult): string {
  const rows = cases.flatMap(({ name, ours, peers }) => [
    [name, ...sideRow(ours, "")],
    ...peers.map((peer) => {
      const ratio = isMeasured(peer) && peer.ratio !== null ? peer.ratio.toFixed(2) : "";
      return ["", ...sideRow(peer, ratio)];
    }),
  ]);
  const head = ["case", "side", "median ms", "best ms", "open ms", "peak MiB", "ratio"];
  return table(head, rows);
}

/** What the other methods cost beside the plain one; empty when there are none. */
export function costTable({ cases }: SuiteResult): string {
  const rows = cases.flatMap(({ name, title, costOverBaseline: cost }) =>
    cost === null ? [] : [[name, title, cost.toFixed(2)]],
  );
  return rows.length === 0 ? "" : table(["method", "title", "time over rd"], rows);
}

/** What both sides came to, where that can be compared. */
export function valuesTable({ cases }: SuiteResult): string {
  const rows = cases.flatMap(({ ours, peers }) =>
    [ours, ...peers].flatMap((side) =>
      isMeasured(side) && side.values !== undefined
        ? [[side.framework, ...side.values.map((value) => value.toFixed(12))]]
        : [],
    ),
  );
  return rows.length === 0 ? "" : table(["side", "image AUROC", "pixel AUROC"], rows);
}
