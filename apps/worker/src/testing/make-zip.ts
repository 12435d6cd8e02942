import { crc32, deflateRawSync } from "node:zlib";

/** An entry as an attacker may write it: whatever is not given is stated truthfully. */
export type ZipEntry = {
  readonly name: string;
  readonly data?: Uint8Array;
  readonly isStored?: boolean;
  /** General purpose bits; 1 means encrypted. */
  readonly flags?: number;
  /** Unix mode, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  readonly statedSize?: number;
  readonly statedCrc32?: number;
  readonly statedPackedSize?: number;
  /** Packed bytes as they are, whatever the data would pack to. */
  readonly packed?: Uint8Array;
  /** Compression method that both headers state. */
  readonly statedMethod?: number;
  /** What the local header says against the directory. */
  readonly local?: LocalLies;
  /** Where the directory says that the local header is. */
  readonly statedOffset?: number;
  /** Extra field of the directory. */
  readonly extra?: Uint8Array;
  /** Use the local header of an earlier entry, so that both share its bytes. */
  readonly sharesDataOf?: number;
};

export type LocalLies = {
  readonly signature?: number;
  readonly method?: number;
  readonly name?: string;
  /** Length of an extra field that is not there. */
  readonly extraLength?: number;
  /** No sizes and checksum: they are said to follow the bytes. */
  readonly isDescribedLater?: boolean;
};

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const UTF8_NAMES = 0x800;
const UNIX = 3 << 8;

/** A zip archive byte by byte, for what no honest tool writes. */
export function makeZip(entries: readonly ZipEntry[], statedCount = entries.length): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { mode = 0o100644, extra = new Uint8Array(0) } = entry;
    const name = Buffer.from(entry.name);
    const { fields, packed } = describe(entry);
    const at = entry.sharesDataOf === undefined ? offset : (offsets[entry.sharesDataOf] ?? 0);
    offsets.push(at);
    if (entry.sharesDataOf === undefined) {
      const header = Buffer.concat([...localHeader(fields, name, entry.local), packed]);
      local.push(header);
      offset += header.length;
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(entry.statedOffset ?? at, 10);
    fields.writeUInt16LE(extra.length, 24);
    central.push(uint32(CENTRAL_HEADER), uint16(UNIX | 20), fields, rest, name, Buffer.from(extra));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(statedCount, 4);
  end.writeUInt16LE(statedCount, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, uint32(END_OF_DIRECTORY), end]);
}

/** The 26 bytes that both headers share, and the entry's bytes. */
function describe(entry: ZipEntry): { fields: Buffer; packed: Buffer } {
  const { data = new Uint8Array(0), isStored = false } = entry;
  const packed = Buffer.from(entry.packed ?? (isStored ? data : deflateRawSync(data)));
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8_NAMES | (entry.flags ?? 0), 2);
  fields.writeUInt16LE(entry.statedMethod ?? (isStored ? 0 : 8), 4);
  fields.writeUInt32LE((entry.statedCrc32 ?? crc32(data)) >>> 0, 10);
  fields.writeUInt32LE(entry.statedPackedSize ?? packed.length, 14);
  fields.writeUInt32LE(entry.statedSize ?? data.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  return { fields, packed };
}

function localHeader(shared: Buffer, name: Buffer, lies: LocalLies = {}): Buffer[] {
  const fields = Buffer.from(shared);
  const itsName = lies.name === undefined ? name : Buffer.from(lies.name);
  fields.writeUInt16LE(lies.method ?? fields.readUInt16LE(4), 4);
  fields.writeUInt16LE(itsName.length, 22);
  fields.writeUInt16LE(lies.extraLength ?? 0, 24);
  if (lies.isDescribedLater === true) {
    fields.writeUInt16LE(fields.readUInt16LE(2) | 8, 2);
    fields.fill(0, 10, 22);
  }
  return [uint32(lies.signature ?? LOCAL_HEADER), fields, itsName];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
