import type { UniadSettings } from "../../catalog/methods/uniad/settings.ts";
import { add, constantOf, expand, inScope, relu, reshape, type Value } from "../../graph/index.ts";
import {
  attention,
  type Attended,
  dropout,
  layerNormLayer,
  linearLayer,
  type Parameters,
  truncatedNormal,
} from "../../nn/index.ts";

/** Added to the score of a hidden token: its weight underflows to 0, unless all are hidden. */
const HIDDEN = -1e4;

/**
 * 0 where a token may look, else `HIDDEN`, [gridSize², gridSize²]: a token sees nothing of the
 * square of `side` tokens around itself.
 */
export function neighbourMask(gridSize: number, side: number): Float32Array {
  const tokens = gridSize ** 2;
  const reach = Math.floor(side / 2);
  const mask = new Float32Array(tokens * tokens);
  if (side === 0) return mask;
  for (let from = 0; from < tokens; from++) {
    for (let to = 0; to < tokens; to++) {
      const rows = Math.abs(Math.floor(from / gridSize) - Math.floor(to / gridSize));
      const columns = Math.abs((from % gridSize) - (to % gridSize));
      if (rows <= reach && columns <= reach) mask[from * tokens + to] = HIDDEN;
    }
  }
  return mask;
}

/** Multi-head attention of `query` over other tokens, each [n, tokens, width]. */
function crossAttention(p: Parameters, attended: Attended, { settings, mask }: Build): Value {
  const { shape } = attended.query;
  const [n = 1] = shape;
  return reshape(attention(p, attended, { n, heads: settings.heads, mask }), shape);
}

type Build = {
  readonly settings: UniadSettings;
  readonly mask: Value;
  readonly position: Value;
  readonly isTraining: boolean;
};

/** Norm(x + dropout(change)): post-norm, as UniAD has it. */
function settled(
  p: Parameters,
  x: Value,
  { change, name, build }: { change: Value; name: string; build: Build },
): Value {
  const { isTraining, settings } = build;
  const kept = isTraining ? dropout(`uniad/${name}`, change, settings.dropout) : change;
  return layerNormLayer(p, add(x, kept));
}

function feedForward(
  p: Parameters,
  x: Value,
  { name, build }: { name: string; build: Build },
): Value {
  const width = x.shape.at(-1) ?? 1;
  const hidden = relu(linearLayer(p.scope("mlp/in"), x, width * build.settings.mlpRatio));
  const change = linearLayer(p.scope("mlp/out"), hidden, width);
  return settled(p.scope("norm-mlp"), x, { change, name: `${name}/mlp`, build });
}

function encoderLayer(
  p: Parameters,
  x: Value,
  { name, build }: { name: string; build: Build },
): Value {
  const placed = add(x, build.position);
  const change = crossAttention(p.scope("self"), { query: placed, key: placed, value: x }, build);
  const seen = settled(p.scope("norm-self"), x, { change, name: `${name}/self`, build });
  return feedForward(p, seen, { name, build });
}

/** One layer of the query decoder: learned queries look at the memory, then at the layer before. */
function decoderLayer(
  p: Parameters,
  { memory, before }: { memory: Value; before: Value },
  { name, build }: { name: string; build: Build },
): Value {
  const [, tokens = 1, width = 1] = memory.shape;
  const queries = expand(p.get("queries", [tokens, width], truncatedNormal(0.02)), memory.shape);
  const placed = (x: Value): Value => add(x, build.position);
  const first = crossAttention(
    p.scope("memory"),
    { query: placed(queries), key: placed(memory), value: memory },
    build,
  );
  const known = settled(p.scope("norm-memory"), queries, {
    change: first,
    name: `${name}/memory`,
    build,
  });
  const second = crossAttention(
    p.scope("before"),
    { query: placed(known), key: placed(before), value: before },
    build,
  );
  const seen = settled(p.scope("norm-before"), known, {
    change: second,
    name: `${name}/before`,
    build,
  });
  return feedForward(p, seen, { name, build });
}

/**
 * Features [n, gridSize², features] rebuilt by a neighbour-masked encoder and a layer-wise query
 * decoder: every decoder layer has queries of its own, so that none can pass its input on (UniAD,
 * You et al. 2022, section 3.3).
 */
export function queryTransformer(
  p: Parameters,
  features: Value,
  {
    settings,
    gridSize,
    isTraining,
  }: { settings: UniadSettings; gridSize: number; isTraining: boolean },
): Value {
  const { width, encoderLayers, decoderLayers, neighbours } = settings;
  const tokens = gridSize ** 2;
  const build: Build = {
    settings,
    mask: constantOf(neighbourMask(gridSize, neighbours), [tokens, tokens]),
    position: p.get("position", [tokens, width], truncatedNormal(0.02)),
    isTraining,
  };
  let memory = linearLayer(p.scope("input"), features, width);
  for (let index = 0; index < encoderLayers; index++) {
    const name = `encoder${index}`;
    memory = inScope(name, () => encoderLayer(p.scope(name), memory, { name, build }));
  }
  let decoded = memory;
  for (let index = 0; index < decoderLayers; index++) {
    const name = `decoder${index}`;
    decoded = inScope(name, () =>
      decoderLayer(p.scope(name), { memory, before: decoded }, { name, build }),
    );
  }
  return linearLayer(p.scope("output"), decoded, features.shape.at(-1) ?? 1);
}
