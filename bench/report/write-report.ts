import { fileURLToPath } from "node:url";

import { isMeasured, type SuiteResult } from "../suite-result.ts";
import type { SuiteName } from "../suites.ts";
import { savedResults, writeFormatted } from "./saved-results.ts";
import { costTable, ratioTable, valuesTable } from "./tables.ts";

const PATH = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));

const INTRODUCTION = `# Benchmarks

Our training step, our inference and our metrics beside PyTorch's and scikit-learn's, on one machine in
one run: every side is loaded first, then all take turns, so that a busy minute hits each of them. A
ratio is the peer's median over ours: above 1, ours is faster. Memory is the largest resident size of a
process that does nothing else, its runtime included (Node and ONNX Runtime, or Python and PyTorch).
"Open" is the time from the description of a model to a session that can run.

The peers are optional: \`LOUPE_BENCH_PYTHON\` names a Python with PyTorch and scikit-learn, else
\`python3\` is asked. They lie in \`bench/peers\`, one for each method, and compute the same as our side on
the same shapes: from the same weights, features and random numbers come the same loss, gradients, update
and map to the precision of the arithmetic. They use what PyTorch has fused, attention and AdamW.

\`\`\`sh
npm run -s bench -- train --json --save
npm run -s bench -- infer --json --save
npm run -s bench -- metrics --json --save
npm run -s bench -- report
\`\`\`
`;

const TITLES: Readonly<Record<SuiteName, string>> = {
  train: "Training step",
  infer: "Inference",
  metrics: "Metrics",
};

const EXPLANATIONS: Readonly<Record<SuiteName, string>> = {
  train: `Forward, backward, clipping by norm (CNC's anchors and DecAD's network apart from the rest) and
the optimiser's update of each method's trainable part, on features of three layers of 384 channels, 289
tokens (17 × 17), decoder width 384, batch 4, with the settings of the preset \`fast\`; CNC has class
tokens besides and free anchors in place of texts. The gauges that a step reports beside its loss are
part of it on every side. The encoder is not: its features are computed once and kept.`,
  infer: `"Encoder" is a ViT-Ti/16 at 224 × 224 up to its ninth block, from pixels to the tokens of three
blocks; "encoder and rd" goes on to the smoothed map. The methods alone go from features (289 tokens,
three layers of 384 channels, batch 1) to the smoothed map.`,
  metrics: `The area under the ROC curve over 100 images and over all their 6.6 million pixels, exact,
ties counting half, from scores in memory.`,
};

const PROFILE = `## Where the time of a training step goes

ONNX Runtime's own profile of \`rd\` at these sizes, two threads: 72 % in single-precision matrix products of
the linear layers, 11 % in those of attention, about 4 % in clipping and the optimiser, about 3 % each in
GELU with its gradient and in transposes, the rest in norms, softmax, cosine and residuals.

So the ratio is mostly that of the two libraries' products, and it depends on the processor. That of the
tables does 231 GFLOP/s on its two cores in registers alone, without memory. Products of the sizes of \`rd\`
run at 201 to 217 of them in ONNX Runtime and at 157 to 209 in PyTorch. The products of a step are
46.5 GFLOP: 201 ms at the processor's peak, 223 at the 208 of ours. A ratio of 1.5 would be 220 ms for the
whole step, less than our products alone take. On another EPYC, whose wider units PyTorch's products seem not to use, the ratios were, before the changes
below, 1.45 for \`rd\`, 1.57 for \`cnc\`, 1.80 for \`decad\`, 1.46 for \`uniad\` and 0.76 for \`rd-conv\`, and 1.80 to
2.29 in inference (\`rd-conv\` 1.28).

What made it quicker. The first two rows are two runs of the bench and the last is read off two profiles;
in the others before and after took turns:

| change | before | after |
| --- | ---: | ---: |
| the new state is written into arrays that wait for it, and nothing is copied (\`packages/model/src/onnx/output-copy-guard.ts\`): \`rd\`, ms | 340 | 321 |
| the same, peak of \`rd\`, MiB | 695 | 586 |
| products with a transposed left side read a turned copy: \`rd\`, ms | 323 | 313 |
| 3 × 3 convolutions by Winograd's products, channels last: \`rd-conv\`, ms | 340 | 237 |
| the same, scoring with \`rd-conv\`, ms | 24.6 | 21.4 |
| tokens stay rows within a block: \`rd\`, best ms | 304 | 294 |
| the same, layer norms of one node, heads read in place: encoder, batch 1, ms | 13.1 | 12.4 |
| upsampling and smoothing by one matrix: scoring with \`rd\`, ms | 22.5 | 22.2 |
| all vectors of a group updated as one array: \`rd\`, ms | 325 | 321 |
| the same, nodes of a step of \`rd\` | 1289 | 783 |
| random samples by a table, two from each word: \`rd\`, best ms | 289 | 283 |
| a softmax's gradient summed over a head's width: \`rd\`, ms in the profile | 302 | 297 |

Two settings were chosen by measurement. Buffers that are allocated singly rather than planned as one
block took the peak of the step from 763 to 569 MiB at the same speed. Threads wait busily for 200 µs:
a step on quiet cores took 335 ms with 50 µs, 286 with 200 and 293 with the runtime's own millisecond
(\`rd\`, 196 tokens), which costs a third of the processor time beside other busy processes.

Large pages are worth about 3 %, to PyTorch as to us: on Linux with glibc, start with
\`GLIBC_TUNABLES=glibc.malloc.hugetlb=1\` (\`rd\` took 309 ms without and 299 with them in turns, and 20 MiB
more). The figures here are without.

"Open" includes what DecAD and UniAD measure before the first step, principal axes of 1152 channels. The
session alone takes 1.0 s for \`decad\`, 0.5 for \`uniad\` and \`rd-conv\` and 0.4 for \`rd\`.
`;

const UNMEASURED = `## Not measured

No machine with a GPU was at hand. On the provider \`webgpu\` the tests train every method on the
software Vulkan driver that Chromium ships, compare loss and weights with the CPU's and refuse nodes
that fall back; that driver says nothing about speed. \`cuda\` shares the code path and has not been run.
With a GPU, \`npm run -s bench -- train --provider webgpu\` (or \`cuda\`) measures the same cases there,
with PyTorch on CUDA where it is installed.
`;

function machineOf({ machine, measuredAt, command }: SuiteResult): string {
  const { cpu, cores, memoryBytes, system, node } = machine;
  const memory = Math.round(memoryBytes / 2 ** 30);
  return (
    `\`${command}\`, ${measuredAt.slice(0, 10)}: ${cpu}, ${cores} cores, ${memory} GiB, ` +
    `${system}, Node ${node}.`
  );
}

/** What the targets are and whether these figures reach them. */
function verdict(result: SuiteResult): string {
  const target = { train: 1.5, infer: 1.3, metrics: 1 }[result.bench];
  const reached: string[] = [];
  const missed: string[] = [];
  for (const { name, peers } of result.cases) {
    for (const peer of peers) {
      if (!isMeasured(peer) || peer.ratio === null) continue;
      const list = peer.ratio >= target ? reached : missed;
      list.push(`${name} against ${peer.framework} (${peer.ratio.toFixed(2)})`);
    }
  }
  if (reached.length + missed.length === 0) return "No peer was found where this was measured.";
  const part = (label: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`${label}: ${list.join("; ")}.`];
  return [
    `The target is a ratio of ${target}.`,
    ...part("Reached", reached),
    ...part("Missed", missed),
  ].join(" ");
}

function section(result: SuiteResult): string {
  const { bench } = result;
  return [
    `## ${TITLES[bench]}`,
    EXPLANATIONS[bench],
    machineOf(result),
    ratioTable(result),
    verdict(result),
    costTable(result),
    valuesTable(result),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Write `docs/benchmarks.md` from the kept figures. */
export async function writeReport(): Promise<void> {
  const results = await savedResults();
  if (results.length === 0) {
    throw new Error("Expected kept figures, found none. Measure with --save first.");
  }
  const text = [INTRODUCTION, ...results.map(section), PROFILE, UNMEASURED].join("\n\n");
  await writeFormatted(PATH, text);
}
