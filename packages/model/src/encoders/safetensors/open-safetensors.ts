import { open, type FileHandle } from "node:fs/promises";

import { z } from "zod";

import { ARRAY_OF, type Tensor, tensor } from "../../tensor/index.ts";
import { DTYPE_OF, type ElementType, TensorEntry } from "./tensor-entry.ts";

/** The format's own limit; a larger header is an attack or another kind of file. */
const MAX_HEADER_BYTES = 100_000_000;

const Metadata = z.record(z.string(), z.string());

/** An open safetensors file. Tensors are read one at a time, so it can be larger than memory. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  shape(name: string): readonly number[];
  /** @throws when there is no such tensor, or its element type is not one that we read */
  read(name: string): Promise<Tensor>;
  close(): Promise<void>;
}

async function readFully(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error(`Expected ${length} bytes at ${position}, got ${done}.`);
    done += bytesRead;
  }
  return bytes;
}

type Header = {
  metadata: Record<string, string>;
  entries: Map<string, TensorEntry>;
  dataStart: number;
};

async function readHeader(file: FileHandle, fileBytes: number): Promise<Header> {
  if (fileBytes < 8) throw new Error(`it has ${fileBytes} bytes, too few for a header`);
  const prefix = await readFully(file, 0, 8);
  const headerBytes = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || headerBytes + 8 > fileBytes) {
    throw new Error(`its header claims ${headerBytes} bytes of a file of ${fileBytes}`);
  }
  const text = new TextDecoder("utf-8", { fatal: true }).decode(
    await readFully(file, 8, headerBytes),
  );
  const { __metadata__: metadata, ...tensors } = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(text));
  const entries = new Map(
    Object.entries(tensors).map(([name, entry]) => [name, TensorEntry.parse(entry)]),
  );
  return { metadata: Metadata.parse(metadata ?? {}), entries, dataStart: 8 + headerBytes };
}

/** Every tensor fills its bytes exactly, and together they tile the file without gap or overlap. */
function checkLayout({ entries, dataStart }: Header, fileBytes: number): void {
  const ordered = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  let expectedStart = 0;
  for (const [name, { dtype, shape, data_offsets }] of ordered) {
    const [start, end] = data_offsets;
    const elements = shape.reduce((product, side) => product * side, 1);
    const bytes = isReadable(dtype) ? elements * elementBytes(dtype) : end - start;
    if (start !== expectedStart || end - start !== bytes || bytes < 0) {
      throw new Error(`tensor ${name} lies at ${start} to ${end}, which its shape does not fill`);
    }
    expectedStart = end;
  }
  if (dataStart + expectedStart !== fileBytes) {
    throw new Error(
      `its tensors need ${dataStart + expectedStart} bytes and the file has ${fileBytes}`,
    );
  }
}

function isReadable(dtype: string): dtype is ElementType {
  return Object.hasOwn(DTYPE_OF, dtype);
}

function elementBytes(dtype: ElementType): number {
  return ARRAY_OF[DTYPE_OF[dtype]].BYTES_PER_ELEMENT;
}

class SafetensorsFile implements Safetensors {
  readonly #file: FileHandle;
  readonly #header: Header;
  readonly metadata: Readonly<Record<string, string>>;
  readonly names: readonly string[];

  constructor(file: FileHandle, header: Header) {
    this.#file = file;
    this.#header = header;
    this.metadata = header.metadata;
    this.names = [...header.entries.keys()];
  }

  #entry(name: string): TensorEntry {
    const entry = this.#header.entries.get(name);
    if (entry === undefined) throw new Error(`Expected a tensor ${name}, but there is none.`);
    return entry;
  }

  shape(name: string): readonly number[] {
    return this.#entry(name).shape;
  }

  async read(name: string): Promise<Tensor> {
    const { dtype, shape, data_offsets } = this.#entry(name);
    if (!isReadable(dtype)) {
      const readable = Object.keys(DTYPE_OF).join(", ");
      throw new Error(`Expected tensor ${name} in ${readable}, got ${dtype}. Convert the file.`);
    }
    const [start, end] = data_offsets;
    const bytes = await readFully(this.#file, this.#header.dataStart + start, end - start);
    const kind = DTYPE_OF[dtype];
    return tensor(kind, shape, new ARRAY_OF[kind](bytes.buffer));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Open a safetensors file after checking that its header and its length agree.
 *
 * Format: u64 header length, JSON header (name → dtype, shape, byte range), tensor bytes, all
 * little-endian. Holds no code.
 *
 * @throws when the file is missing, cut short, or of another kind
 */
export async function openSafetensors(path: string): Promise<Safetensors> {
  const file = await open(path).catch((error: unknown) => {
    throw new Error(`Expected a file at ${path}, but it cannot be opened.`, { cause: error });
  });
  try {
    const { size } = await file.stat();
    const header = await readHeader(file, size);
    checkLayout(header, size);
    return new SafetensorsFile(file, header);
  } catch (error) {
    await file.close();
    const reason = error instanceof z.ZodError ? "its header has another form" : String(error);
    throw new Error(
      `Expected a whole safetensors file at ${path}, got something else: ` +
        `${reason.replace(/^\w*Error: /, "")}.`,
      { cause: error },
    );
  }
}
