import { open, rename, rm } from "node:fs/promises";

import { bytesOf, type DType } from "../../tensor/index.ts";
import { DTYPE_OF, type NamedTensors, type TensorEntry } from "./tensor-entry.ts";

/** Tensor bytes begin at a multiple of this, so that readers may map them. */
const ALIGNMENT = 8;

function elementType(dtype: DType): string {
  const found = Object.entries(DTYPE_OF).find(([, ours]) => ours === dtype);
  if (found === undefined) throw new Error(`Expected a number type to write, got ${dtype}.`);
  return found[0];
}

function header(tensors: NamedTensors, metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: Record<string, TensorEntry> = {};
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const end = offset + data.byteLength;
    entries[name] = {
      dtype: elementType(dtype),
      shape: [...shape],
      data_offsets: [offset, end],
    };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const padded = new Uint8Array(8 + Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  padded.set(json, 8);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  return padded;
}

/**
 * Write tensors and metadata as a safetensors file, whole or not at all.
 *
 * The bytes reach the disk under another name first and are renamed once synced, so a reader and
 * a restart after a crash see the old file or the new one. Equal input gives equal bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const head = header(tensors, metadata);
  const partial = `${path}.${process.pid}.partial`;
  const file = await open(partial, "w");
  try {
    await file.writeFile(head);
    for (const each of Object.values(tensors)) await file.writeFile(bytesOf(each));
    await file.sync();
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
}
