/**
 * @file The thread in which one ONNX Runtime session lives.
 *
 * `run` of onnxruntime-node blocks the thread that calls it, so no other thread may.
 */
import { parentPort } from "node:worker_threads";

import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

import {
  type DType,
  fromFloat16,
  sizeOf,
  tensor,
  type Tensor,
  type TensorData,
} from "../tensor/index.ts";
import type {
  ReplyMessage,
  RequestMessage,
  SessionReply,
  SessionRequest,
  RenewedArray,
  Tensors,
} from "./protocol.ts";
import { runInto } from "./run-into.ts";
import { runtimeOptions } from "./runtime-options.ts";

// From Node 24 on there is a Float16Array, which onnxruntime-common then wants for half precision and
// onnxruntime-node can neither read nor fill. In this thread, where nobody else lives, there is none.
Reflect.deleteProperty(globalThis, "Float16Array");

type OrtTensors = Record<string, OrtTensor>;
type StepRequest = Extract<SessionRequest, { type: "step" }>;

/** State of a training graph: what the next step reads and, on the CPU, the arrays it writes to. */
type Bound = {
  readonly arrays: readonly RenewedArray[];
  current: OrtTensors;
  spare: OrtTensors | null;
};

let session: InferenceSession | null = null;
/** Reads the state back from a GPU; null on the CPU. */
let reader: InferenceSession | null = null;
let bound: Bound | null = null;
let onDevice = false;

function opened(): InferenceSession {
  if (session === null) throw new Error("The session is not open.");
  return session;
}

function boundState(): Bound {
  if (bound === null)
    throw new Error("The session holds no training state yet: load it before the first step.");
  return bound;
}

function toOrt(value: Tensor): OrtTensor {
  return new OrtTensor(value.dtype, value.data as Float32Array, value.shape);
}

/** The feeds as the model declares them: an input exported as float32 may be fed in half precision. */
function toFeeds(feeds: Tensors): OrtTensors {
  const metadata = opened().inputMetadata;
  const isSingle = (name: string): boolean =>
    metadata.some((input) => input.name === name && input.isTensor && input.type === "float32");
  const fit = ([name, value]: [string, Tensor]): [string, Tensor] => {
    if (!(value.data instanceof Uint16Array) || !isSingle(name)) return [name, value];
    return [name, { ...value, dtype: "float32", data: fromFloat16(value.data) }];
  };
  return toOrtAll(Object.fromEntries(Object.entries(feeds).map(fit)));
}

/** An object with one entry for each item. */
function collect<Item, Value>(
  items: readonly Item[],
  entry: (item: Item) => readonly [string, Value],
): Record<string, Value> {
  return Object.fromEntries(items.map(entry));
}

function toOrtAll(values: Tensors): OrtTensors {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toOrt(value)]));
}

function fromOrt(value: OrtTensor): Tensor {
  return tensor(value.type as DType, value.dims, value.data as TensorData);
}

function emptyLike(value: OrtTensor): OrtTensor {
  const { constructor } = value.data as Float32Array;
  const data = new (constructor as Float32ArrayConstructor)(sizeOf(value.dims));
  return new OrtTensor(value.type as "float32", data, value.dims);
}

async function open(request: Extract<SessionRequest, { type: "open" }>): Promise<void> {
  const { model, options, kept = null, trains = false } = request;
  onDevice = kept !== null;
  session = await InferenceSession.create(model, runtimeOptions({ options, kept, trains }));
  if (kept === null) return;
  const { provider } = options;
  const reading = runtimeOptions({ options: { provider }, kept: null, trains: false });
  reader = await InferenceSession.create(kept.reader, reading);
}

async function run(request: Extract<SessionRequest, { type: "run" }>): Promise<Tensors> {
  const results = await opened().run(
    toFeeds(request.feeds),
    request.outputs ?? opened().outputNames,
  );
  return readAll(results);
}

function readAll(results: Readonly<Record<string, unknown>>): Tensors {
  const entries = Object.entries(results).map(([name, value]) => [
    name,
    fromOrt(value as OrtTensor),
  ]);
  return Object.fromEntries(entries) as Tensors;
}

function release(tensors: OrtTensors | null): void {
  for (const value of Object.values(tensors ?? {})) {
    if (value.location !== "cpu") value.dispose();
  }
}

/** Copies of arrays that share a buffer: a step writes into them, and an average starts as its parameter. */
function withoutSharing(tensors: Tensors): Tensors {
  const seen = new Set<ArrayBufferLike>();
  const own = ([name, value]: [string, Tensor]): [string, Tensor] => {
    const isShared = seen.has(value.data.buffer);
    seen.add(value.data.buffer);
    return [name, isShared ? { ...value, data: value.data.slice() } : value];
  };
  return Object.fromEntries(Object.entries(tensors).map(own));
}

function bind(arrays: readonly RenewedArray[], state: Tensors): void {
  release(bound?.current ?? null);
  const current = toOrtAll(withoutSharing(state));
  const spare = onDevice
    ? null
    : collect(arrays, ({ input }) => [input, emptyLike(required(current, input))]);
  bound = { arrays, current, spare };
}

function required(tensors: OrtTensors, name: string): OrtTensor {
  const value = tensors[name];
  if (value === undefined) throw new Error(`The training state lacks "${name}".`);
  return value;
}

/** Run one step: on the CPU into the spare arrays, on a GPU into new ones there. */
async function step({ feeds, outputs }: StepRequest): Promise<Tensors> {
  const state = boundState();
  const { arrays, current, spare } = state;
  const all = { ...toFeeds(feeds), ...current };
  if (spare === null) {
    const results = await opened().run(all, [...outputs, ...arrays.map(({ output }) => output)]);
    state.current = collect(arrays, ({ input, output }) => [input, results[output] as OrtTensor]);
    release(current);
    return readAll(collect(outputs, (name) => [name, results[name]]));
  }
  const reported = collect(outputs, (name) => [name, emptyScalar()]);
  const next = collect(arrays, ({ input, output }) => [output, required(spare, input)]);
  await runInto(opened(), all, { ...reported, ...next });
  state.current = spare;
  state.spare = current;
  return readAll(reported);
}

/** What a scalar is written to; NaN until it is, so that nobody takes it for a result. */
function emptyScalar(): OrtTensor {
  return new OrtTensor("float32", Float32Array.of(Number.NaN), []);
}

/** Copies of the state, since the arrays themselves are written again two steps on. */
async function readState(names: readonly string[] | null): Promise<Tensors> {
  const { current } = boundState();
  const wanted = names ?? Object.keys(current);
  for (const name of wanted) required(current, name);
  if (reader !== null && isOnDevice(current)) {
    const results = await reader.run(
      current,
      wanted.map((name) => `read/${name}`),
    );
    return readAll(collect(wanted, (name) => [name, results[`read/${name}`]]));
  }
  const tensors = readAll(collect(wanted, (name) => [name, current[name]]));
  const copy = ([name, value]: [string, Tensor]): [string, Tensor] => [
    name,
    { ...value, data: value.data.slice() },
  ];
  return Object.fromEntries(Object.entries(tensors).map(copy));
}

/** False before the first step on a GPU, when the state is still what the caller sent. */
function isOnDevice(tensors: OrtTensors): boolean {
  return Object.values(tensors).some((value) => value.location === "gpu-buffer");
}

async function close(): Promise<void> {
  release(bound?.current ?? null);
  bound = null;
  await session?.release();
  await reader?.release();
  session = null;
  reader = null;
}

async function answer(request: SessionRequest): Promise<Tensors> {
  switch (request.type) {
    case "open":
      await open(request);
      return {};
    case "run":
      return run(request);
    case "bind":
      bind(request.arrays, request.state);
      return {};
    case "step":
      return step(request);
    case "readState":
      return readState(request.names);
    case "close":
      await close();
      return {};
  }
}

function stateLocations(): string[] {
  return [...new Set(Object.values(bound?.current ?? {}).map(({ location }) => location))];
}

/** The buffers of `tensors`, each once, to hand over without a copy. */
function buffersOf(tensors: Tensors): ArrayBuffer[] {
  const buffers = Object.values(tensors).map(({ data }) => data.buffer as ArrayBuffer);
  return [...new Set(buffers)];
}

function reply(message: ReplyMessage): void {
  const transfer = "reply" in message ? buffersOf(message.reply.tensors) : [];
  parentPort?.postMessage(message, transfer);
}

parentPort?.on("message", ({ id, request }: RequestMessage) => {
  answer(request).then(
    (tensors) => {
      const description: SessionReply = {
        inputs: session?.inputNames ?? [],
        outputs: session?.outputNames ?? [],
        tensors,
        stateLocations: stateLocations(),
      };
      reply({ id, reply: description });
      if (request.type === "close") parentPort?.close();
    },
    (error: unknown) => {
      reply({ id, error: error instanceof Error ? error.message : String(error) });
    },
  );
});
