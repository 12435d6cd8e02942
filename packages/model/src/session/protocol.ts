import type { Tensor } from "../tensor/index.ts";

/** Where a session runs. `cuda` needs ONNX Runtime's CUDA libraries to be installed. */
export type Provider = "cpu" | "webgpu" | "cuda";

export type SessionOptions = {
  readonly provider: Provider;
  /** Threads of ONNX Runtime; all cores when not given. */
  readonly threads?: number;
  /** Path prefix of a profile of every node, written when the session closes. */
  readonly profilePrefix?: string;
  /** Fail instead of running a node on the CPU that the provider has no kernel for. */
  readonly forbidFallback?: boolean;
};

/** An array that a training graph takes in, and the output that replaces it at the next step. */
export type RenewedArray = { readonly input: string; readonly output: string };

export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Outputs that stay on the GPU, and a model that copies each state array `name` to an output
 * `read/name`: onnxruntime-node 1.30 cannot download a GPU tensor in any other way.
 */
export type KeptState = { readonly outputs: readonly string[]; readonly reader: Uint8Array };

/** What the caller's thread asks of the session's thread. */
export type SessionRequest =
  | {
      readonly type: "open";
      readonly model: Uint8Array;
      readonly options: SessionOptions;
      /** What a GPU keeps from run to run; null where the state lies in the caller's memory. */
      readonly kept?: KeptState | null;
      /** True for a training step, whose arrays are many and live shortly. */
      readonly trains?: boolean;
    }
  | { readonly type: "run"; readonly feeds: Tensors; readonly outputs?: readonly string[] }
  | { readonly type: "bind"; readonly arrays: readonly RenewedArray[]; readonly state: Tensors }
  | { readonly type: "step"; readonly feeds: Tensors; readonly outputs: readonly string[] }
  | { readonly type: "readState"; readonly names: readonly string[] | null }
  | { readonly type: "close" };

export type SessionReply = {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly tensors: Tensors;
  /** Where the arrays of a training state lie, such as "cpu" or "gpu-buffer"; empty without a state. */
  readonly stateLocations: readonly string[];
};

export type RequestMessage = { readonly id: number; readonly request: SessionRequest };

export type ReplyMessage =
  | { readonly id: number; readonly reply: SessionReply }
  | { readonly id: number; readonly error: string };
