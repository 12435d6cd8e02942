import type { Tensor } from "../tensor/index.ts";
import type { SessionOptions, Tensors } from "./protocol.ts";
import { SessionHost } from "./session-host.ts";

export type RunOptions = {
  /** Names of the outputs to compute; all when not given. */
  readonly outputs?: readonly string[];
  /** Hand the feeds' buffers over instead of copying them; the caller must not use them again. */
  readonly consume?: boolean;
};

/** A model that is ready to run in a thread of its own. Calls queue up in order. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Tensors, options?: RunOptions): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

/** Load an ONNX model, given as bytes, on a provider. */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  const host = new SessionHost();
  try {
    const { inputs, outputs } = await host.ask({ type: "open", model, options });
    return {
      inputNames: inputs,
      outputNames: outputs,
      run: async (feeds, { outputs: wanted, consume = false } = {}) => {
        const request = { type: "run", feeds, ...(wanted && { outputs: wanted }) } as const;
        return { ...(await host.ask(request, consume ? ownBuffers(feeds) : [])).tensors };
      },
      close: () => host.close(),
    };
  } catch (error) {
    await host.terminate();
    throw describe(error, options);
  }
}

/** Buffers that may be handed over: those not shared between threads anyway. */
export function ownBuffers(tensors: Tensors): ArrayBuffer[] {
  const buffers = Object.values(tensors).map(({ data }) => data.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** The runtime's error with what a person can do about it. */
export function describe(error: unknown, { provider }: SessionOptions): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const advice = {
    cpu: "",
    webgpu: " A WebGPU session needs a GPU with a Vulkan, Metal or D3D12 driver; or choose cpu.",
    cuda: " A CUDA session needs ONNX Runtime's CUDA libraries to be installed; or choose cpu.",
  }[provider];
  return new Error(`Could not open the model on ${provider}: ${reason}${advice}`);
}
