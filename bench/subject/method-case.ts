import {
  findMethod,
  type GradientMethod,
  METHOD_NAMES,
  type MethodContext,
  METHODS,
  sample,
  type Shape,
  type Tensor,
  tensor,
  type Value,
  leavesOf,
} from "@loupe/model/engine";

import type { CaseOptions } from "../protocol.ts";

/** Pixels along one side of a token. */
const PATCH = 16;

/** A method by name, at the width of the case where it has one. */
export function methodOf(name: string | undefined, { width }: CaseOptions): GradientMethod {
  const known = METHOD_NAMES.find((other) => other === name);
  if (known === undefined) {
    throw new Error(`Expected one of ${METHOD_NAMES.join(", ")}, got "${name ?? ""}".`);
  }
  const { settings } = METHODS[known];
  const wide = settings.safeParse({ width });
  const method = findMethod(known)(wide.success ? wide.data : settings.parse({}));
  if (method.kind !== "gradient") throw new Error(`${known} learns no weights.`);
  return method;
}

/** The context of a run on a ViT whose three layers are `channels` wide. */
export function contextOf(method: GradientMethod, options: CaseOptions): MethodContext {
  const { batch, gridSize, channels } = options;
  return {
    batch,
    inputSize: PATCH * gridSize,
    gridSize,
    layers: ["shallow", "middle", "deep"].map((name) => {
      return { name, channels, origin: (PATCH - 1) / 2, stride: PATCH };
    }),
    statistics: Array.from({ length: 3 }, () => {
      return {
        mean: new Float32Array(channels).fill(0.1),
        std: new Float32Array(channels).fill(0.5),
      };
    }),
    globals: method.view.globals ?? false,
    text: null,
    steps: 1000,
    stepsPerEpoch: 100,
  };
}

/** Half-precision values between 0.25 and 1 for every input that a graph reads. */
export class HalfFeeds {
  readonly #made: readonly (readonly [string, Tensor])[];

  /** @param except inputs that the session feeds itself */
  constructor(outputs: readonly Value[], except: ReadonlySet<string> = new Set()) {
    this.#made = leavesOf(outputs)
      .inputs.filter(({ attrs }) => attrs.dtype === "float16" && !except.has(attrs.name))
      .map(({ attrs }, index) => [attrs.name, halfSample(attrs.shape, index)]);
  }

  /** A copy, since a session takes its feeds away. */
  next(): Record<string, Tensor> {
    return Object.fromEntries(
      this.#made.map(([name, value]) => [name, { ...value, data: value.data.slice() }]),
    );
  }
}

function halfSample(shape: Shape, seed: number): Tensor {
  const uniform = sample({ kind: "uniform", low: 0, high: 2048 }, shape, seed);
  const bits = new Uint16Array(uniform.data.length);
  for (let index = 0; index < bits.length; index++) {
    bits[index] = 0x3400 + Math.floor(Number(uniform.data[index]));
  }
  return tensor("float16", shape, bits);
}
