import { expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { leavesOf, type Parameter, type Value } from "../../graph/index.ts";
import { createParameters } from "../../nn/index.ts";
import { waveTextTower } from "../../testing/wave-text-tower.ts";
import type { MethodContext } from "../method.ts";
import { isAnchorParameter } from "./anchors.ts";
import { cnc } from "./method.ts";

async function contextOf(anchors: "text" | "free"): Promise<MethodContext> {
  const channels = 64;
  return {
    batch: 2,
    inputSize: 30,
    gridSize: 3,
    layers: [0, 1, 2].map((i) => ({ name: `layer${i}`, channels, origin: 0, stride: 10 })),
    statistics: [0, 1, 2].map(() => {
      return { mean: new Float32Array(channels), std: new Float32Array(channels).fill(1) };
    }),
    globals: true,
    text: anchors === "text" ? await waveTextTower() : null,
    steps: 10,
    stepsPerEpoch: 1,
  };
}

/** Names of those of the trained parameters that a part of the loss moves. */
function movedBy(part: Value, trained: readonly Parameter[]): string[] {
  const reached = new Set(leavesOf([part]).parameters);
  return trained
    .filter((parameter) => {
      if (!reached.has(parameter)) return false;
      try {
        return gradients(part, [parameter]).length === 1;
      } catch {
        return false;
      }
    })
    .map(({ attrs }) => attrs.name)
    .sort();
}

test.each(["text", "free"] as const)(
  "with %s anchors every part of the loss moves what it should and nothing else",
  async (anchors) => {
    const p = createParameters(1);
    const settings = CncSettings.parse({ width: 64, mlpRatio: 1 });
    const { loss, terms } = cnc(settings).loss(p, await contextOf(anchors));
    const moved = (part: Value | undefined): string[] => movedBy(part!, p.all());
    const all = p
      .all()
      .map(({ attrs }) => attrs.name)
      .sort();
    const anchorNames = all.filter(isAnchorParameter);
    const decoder = all.filter((name) => !isAnchorParameter(name));
    expect(anchorNames.length).toBe(anchors === "text" ? 1 : 3);

    expect(moved(loss)).toEqual(all);
    // The encoder is frozen, and the anchors inside both normality maps are fixed.
    expect(moved(terms["distillation"])).toEqual(decoder);
    expect(moved(terms["alignment"])).toEqual(anchorNames);
    expect(moved(terms["constraint"])).toEqual(decoder);
    expect(moved(terms["importance"])).toEqual([
      "fusion/bias",
      "fusion/weight",
      "router/bias",
      "router/weight",
    ]);
  },
);

const EXPERTS = ["router/weight", "experts/in/weight"];
const ANCHORS = ["anchors/free0"];

type Left = { readonly terms: readonly string[]; readonly absent: readonly string[] };
const SWITCHES: readonly [Partial<CncSettings>, Left][] = [
  [{ moe: false }, { terms: ["distillation", "alignment", "constraint"], absent: EXPERTS }],
  [{ constraint: false }, { terms: ["distillation", "alignment", "importance"], absent: [] }],
  [
    { promotion: false },
    { terms: ["distillation", "alignment", "constraint", "importance"], absent: [] },
  ],
  [
    { constraint: false, promotion: false },
    { terms: ["distillation", "importance"], absent: ANCHORS },
  ],
  [
    { constraint: false, promotion: false, moe: false },
    { terms: ["distillation"], absent: [...EXPERTS, ...ANCHORS] },
  ],
];

test.each(SWITCHES)(
  "%j leaves its terms, gauges and parameters out",
  async (switches, expected) => {
    const p = createParameters(1);
    const settings = CncSettings.parse({ width: 64, mlpRatio: 1, ...switches });
    const { terms, watched = {} } = cnc(settings).loss(p, await contextOf("free"));
    expect(Object.keys(terms)).toEqual(expected.terms);
    const groups = new Set(Object.keys(watched).map((name) => name.split("/")[0]));
    expect(groups.has("experts")).toBe(settings.moe);
    expect(groups.has("promotion")).toBe(settings.promotion);
    for (const name of [...EXPERTS, ...ANCHORS]) {
      expect(p.find(name) === null, name).toBe(expected.absent.includes(name));
    }
  },
);

test("without fusion the decoder sees the deepest layer alone", async () => {
  const widthOf = async (fusion: boolean): Promise<readonly number[]> => {
    const p = createParameters(1);
    const settings = CncSettings.parse({ width: 64, mlpRatio: 1, fusion });
    cnc(settings).loss(p, await contextOf("free"));
    return p.find("fusion/weight")!.shape;
  };
  expect(await widthOf(true)).toEqual([3 * 64, 64]);
  expect(await widthOf(false)).toEqual([64, 64]);
});
