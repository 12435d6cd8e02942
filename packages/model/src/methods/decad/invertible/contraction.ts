import {
  add,
  concat,
  div,
  exp,
  linear,
  log,
  matMul,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  transpose,
  type Value,
} from "../../../graph/index.ts";
import type { Parameters } from "../../../nn/index.ts";
import type { Buffer } from "../../../optim/index.ts";
import { filled } from "../../../tensor/index.ts";
import { inducedNormLinear, type InducedNormLinear } from "./induced-norm-linear.ts";
import { pila, pilaSlope } from "./pila.ts";

export type ContractionSettings = {
  readonly kind: "single" | "dense" | "bottleneck";
  readonly coefficient: number;
  readonly powerIterations: number;
  /** Size of the first weights over the usual one. */
  readonly initialScale: number;
  /** Pila's k. */
  readonly steepness: number;
  /** Width inside of `bottleneck`. */
  readonly bottleneck: number;
  /** Layers of `dense`, and the channels that each adds. */
  readonly depth: number;
  readonly growth: number;
};

/** A value and how a gradient goes back through what made it (a constant, without gradient itself). */
export type Pulled = { readonly value: Value; readonly pullback: (dy: Value) => Value };

/**
 * G(u) = leave(bend(enter(u))), a map with Lipschitz constant below 1 whose ends are affine, so
 * that u = 2x ± G(u) can be solved for the rows h = bend(enter(u)) alone.
 */
export type Contraction = {
  /** Pre-activations of `times` u. */
  enter(u: Value, times: number): Value;
  bend(a: Value): Pulled;
  /** `sign` leave(h), added to rows. */
  leave(h: Value, onto: Value, sign: 1 | -1): Value;
  /** The linear part of `leave`, for differences of h. */
  leaveChange(change: Value): Value;
  /**
   * How `enter` sees what leaves: enter(u + leave(h)) = enter(u) + h matrix + shift; null where
   * both ends are the identity.
   */
  readonly around: { readonly matrix: Value; readonly shift: Value | null } | null;
  /** A bound on the Lipschitz constant with the weights as they are stored. */
  lipschitz(): number;
  /** Spectral norms of its matrices before they are limited, [] each. */
  readonly norms: readonly Value[];
  readonly buffers: readonly Buffer[];
};

/** G(u). */
export function applied(g: Contraction, u: Value): Value {
  return g.leave(g.bend(g.enter(u, 1)).value, mul(u, 0), 1);
}

/** Upper end of a dense layer's weight pair; i-DenseNet's 0.98. */
const DENSE_LIMIT = 0.98;

/** ψ(p), whose slope is built once for all that is pulled back. */
function bent(p: Value): Pulled {
  let slope: Value | null = null;
  return { value: pila(p), pullback: (dy) => mul(dy, (slope ??= pilaSlope(p))) };
}

/** (x W + b) `factor`, with the factor in the weights. */
function scaledLinear(x: Value, { weight, bias }: InducedNormLinear, factor: number): Value {
  return linear(x, mul(weight, factor), mul(bias, factor));
}

/** G(u) = φ(W̄u + b): one induced-norm linear map and Pila. */
function single(p: Parameters, width: number, settings: ContractionSettings): Contraction {
  const layer = inducedNormLinear(p.scope("linear0"), width, { ...settings, width });
  const { steepness: k } = settings;
  return {
    enter: (u, times) => linear(u, mul(layer.weight, times * k), mul(layer.bias, k)),
    bend: bent,
    leave: (h, onto, sign) => add(onto, mul(h, sign / (2 * k))),
    leaveChange: (change) => mul(change, 1 / (2 * k)),
    around: { matrix: mul(layer.weight, 0.5), shift: null },
    lipschitz: () => layer.storedNorm(),
    norms: [layer.norm],
    buffers: layer.buffers,
  };
}

/** G(u) = W̄₃ φ(W̄₂ φ(W̄₁ u)), narrow inside. */
function bottleneck(p: Parameters, width: number, settings: ContractionSettings): Contraction {
  const { steepness: k, bottleneck: inner } = settings;
  const layer = (index: number, from: number, to: number): InducedNormLinear =>
    inducedNormLinear(p.scope(`linear${index}`), from, { ...settings, width: to });
  const first = layer(0, width, inner);
  const middle = layer(1, inner, inner);
  const last = layer(2, inner, width);
  const layers = [first, middle, last];
  const across = mul(middle.weight, 0.5);
  const out = mul(last.weight, 1 / (2 * k));
  const outBias = reshape(last.bias, [1, -1]);
  return {
    enter: (u, times) => linear(u, mul(first.weight, times * k), mul(first.bias, k)),
    bend: (a) => {
      const before = bent(a);
      const behind = bent(linear(before.value, across, mul(middle.bias, k)));
      const back = transpose(across, [1, 0]);
      return {
        value: behind.value,
        pullback: (dy) => before.pullback(matMul(behind.pullback(dy), back)),
      };
    },
    leave: (h, onto, sign) => {
      const change = linear(h, mul(out, sign), mul(last.bias, sign));
      return add(onto, change);
    },
    leaveChange: (change) => matMul(change, out),
    around: {
      matrix: mul(matMul(last.weight, first.weight), 0.5),
      shift: mul(matMul(outBias, first.weight), k),
    },
    lipschitz: () => layers.reduce((product, layer) => product * layer.storedNorm(), 1),
    norms: layers.map(({ norm }) => norm),
    buffers: layers.flatMap(({ buffers }) => buffers),
  };
}

/** The two weights of a dense layer: softplus + 0.1, brought to length 0.98. */
function densePair(p: Parameters): { kept: Value; grown: Value } {
  const raw = ["kept", "grown"].map((name) => p.get(name, [], (shape) => filled(shape, 1)));
  const [kept, grown] = raw.map((value) => add(log(add(exp(value), 1)), 0.1));
  if (kept === undefined || grown === undefined) throw new Error("Expected two weights.");
  const factor = div(DENSE_LIMIT, sqrt(add(square(kept), square(grown))));
  return { kept: mul(kept, factor), grown: mul(grown, factor) };
}

type DenseLayer = {
  readonly layer: InducedNormLinear;
  readonly pair: ReturnType<typeof densePair>;
};

/** One dense layer: [η₁ h, η₂ φ(W̄h + b)]. */
function denseLayer(h: Pulled, { layer, pair }: DenseLayer, k: number): Pulled {
  const grown = bent(scaledLinear(h.value, layer, k));
  const width = h.value.shape.at(-1) ?? 1;
  const share = mul(pair.grown, 1 / (2 * k));
  return {
    value: concat([mul(h.value, pair.kept), mul(grown.value, share)], -1),
    pullback: (dy) => {
      const end = dy.shape.at(-1) ?? 1;
      const straight = mul(slice(dy, { axis: -1, start: 0, end: width }), pair.kept);
      const bend = mul(slice(dy, { axis: -1, start: width, end }), mul(share, k));
      return h.pullback(add(straight, layer.pullback(grown.pullback(bend))));
    },
  };
}

/** i-DenseNet (Perugachi-Diaz et al. 2021): dense layers, then one induced-norm linear map back. */
function dense(p: Parameters, width: number, settings: ContractionSettings): Contraction {
  const { depth, growth, steepness } = settings;
  const grown = Array.from({ length: depth }, (_, index): DenseLayer => {
    const scope = p.scope(`dense${index}`);
    const options = { ...settings, width: growth };
    return {
      layer: inducedNormLinear(scope, width + index * growth, options),
      pair: densePair(scope),
    };
  });
  const last = inducedNormLinear(p.scope("out"), width + depth * growth, { ...settings, width });
  const layers = [...grown.map(({ layer }) => layer), last];
  return {
    enter: (u, times) => mul(u, times),
    bend: (a) => {
      const start: Pulled = { value: a, pullback: (dy) => dy };
      const h = grown.reduce((x, layer) => denseLayer(x, layer, steepness), start);
      return {
        value: last.apply(h.value),
        pullback: (dy) => h.pullback(last.pullback(dy)),
      };
    },
    leave: (h, onto, sign) => add(onto, mul(h, sign)),
    leaveChange: (change) => change,
    around: null,
    // Every dense layer is 1-Lipschitz.
    lipschitz: () => last.storedNorm(),
    norms: layers.map((layer) => layer.norm),
    buffers: layers.flatMap((layer) => layer.buffers),
  };
}

/** G of a monotone unit, by its kind. Its Lipschitz constant is at most the coefficient. */
export function contraction(
  p: Parameters,
  width: number,
  settings: ContractionSettings,
): Contraction {
  if (settings.kind === "single") return single(p, width, settings);
  if (settings.kind === "dense") return dense(p, width, settings);
  return bottleneck(p, width, settings);
}
