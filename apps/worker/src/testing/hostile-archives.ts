import { deflateRawSync } from "node:zlib";

import { drawPart } from "./draw-part.ts";
import { hostilePictures } from "./hostile-pictures.ts";
import { makeZip, type ZipEntry } from "./make-zip.ts";

export type HostileArchive = {
  /** What is wrong with it; also a name of a test. */
  readonly name: string;
  readonly bytes: Buffer;
};

type Changes = Omit<ZipEntry, "name">;

const MIB = 1024 ** 2;
const HUGE = 0xffffffff;

/** More than forty archives that are broken, lie or are meant to cost time; a seed gives the same ones. */
export async function hostileArchives(seed = 1): Promise<HostileArchive[]> {
  const parts: ZipEntry[] = [];
  for (let i = 0; i < 12; i++) {
    const data = await drawPart({ seed: 1000 * seed + i });
    parts.push({ name: `train/good/${String(i).padStart(3, "0")}.png`, data });
  }
  return [
    ...lyingSizes(parts),
    ...damagedContents(parts, seed),
    ...lyingHeaders(parts),
    ...oddLists(parts),
    ...[...(await hostilePictures())].map(([name, data]) => ({
      name,
      bytes: makeZip([...parts, { name: "train/good/hostile.png", data, isStored: true }]),
    })),
  ];
}

/** The archive that was found first: an entry far longer than stated, and others read beside it. */
export function archiveThatOutgrowsItself(beside: readonly ZipEntry[]): Buffer {
  const data = Buffer.alloc(64 * MIB);
  return makeZip([{ name: "train/good/000.png", data, statedSize: 100 }, ...beside]);
}

function lyingSizes(parts: readonly ZipEntry[]): HostileArchive[] {
  const beside = parts.slice(1);
  const [first] = parts;
  const data = first?.data ?? Buffer.alloc(0);
  const lie = (name: string, change: Changes) => ({
    name,
    bytes: makeZip([{ name: "train/good/000.png", data, ...change }, ...beside]),
  });
  return [
    { name: "100 bytes that inflate to 64 MiB", bytes: archiveThatOutgrowsItself(beside) },
    {
      name: "every entry inflates to more than stated",
      bytes: makeZip(
        parts.map((part) => ({ ...part, data: Buffer.alloc(8 * MIB), statedSize: 90 })),
      ),
    },
    lie("one byte more than stated", { statedSize: data.length - 1 }),
    lie("one byte fewer than stated", { statedSize: data.length + 1 }),
    lie("far fewer bytes than stated", { statedSize: 10 * MIB }),
    lie("states 4 GiB", { statedSize: HUGE }),
    lie("states no bytes", { statedSize: 0 }),
    lie("packed size of nothing", { statedPackedSize: 0 }),
    lie("packed size beyond the file", { statedPackedSize: 50 * MIB }),
    lie("packed size that runs into the next entry", { statedPackedSize: 3 * data.length }),
    lie("stored with a wrong length", { isStored: true, statedSize: data.length + 7 }),
    lie("stored, but stated as deflated", { packed: data, statedMethod: 8 }),
    lie("deflated, but stated as stored", { statedMethod: 0 }),
    lie("zip64 sizes of 2^60", zip64(2n ** 60n, 2n ** 60n)),
    lie("zip64 size of nothing", zip64(0n, 0n)),
    lie("zip64 without its field", { statedSize: HUGE, statedPackedSize: HUGE }),
    lie("an entry without a byte", { data: Buffer.alloc(0), isStored: true }),
  ];
}

function damagedContents(parts: readonly ZipEntry[], seed: number): HostileArchive[] {
  const whole = makeZip(parts);
  const damage = (name: string, change: (part: ZipEntry, index: number) => ZipEntry) => ({
    name,
    bytes: makeZip(parts.map(change)),
  });
  const packedOf = ({ data }: ZipEntry) => deflateRawSync(data ?? Buffer.alloc(0));
  return [
    damage("every second entry is damaged", (part, i) =>
      i % 2 === 0 ? part : { ...part, packed: scramble(packedOf(part), seed + i) },
    ),
    damage("every entry is damaged", (part, i) => ({
      ...part,
      packed: scramble(packedOf(part), seed + i),
    })),
    damage("every deflate stream is cut short", (part) => {
      const packed = packedOf(part);
      return { ...part, packed: packed.subarray(0, packed.length >> 1) };
    }),
    damage("every second deflate stream is empty", (part, i) =>
      i % 2 === 0 ? part : { ...part, packed: new Uint8Array(0) },
    ),
    damage("every third checksum is wrong", (part, i) =>
      i % 3 === 0 ? { ...part, statedCrc32: i } : part,
    ),
    damage("bytes of chance behind every stream", (part) => ({
      ...part,
      packed: Buffer.concat([packedOf(part), scramble(Buffer.alloc(500), seed)]),
    })),
    { name: "cut in the middle", bytes: whole.subarray(0, whole.length >> 1) },
    { name: "cut in its last byte", bytes: whole.subarray(0, whole.length - 1) },
    { name: "a head without anything", bytes: whole.subarray(0, 4) },
    { name: "flipped bytes everywhere", bytes: scramble(whole, seed, 4) },
  ];
}

function lyingHeaders(parts: readonly ZipEntry[]): HostileArchive[] {
  const lies = (name: string, lie: Changes): HostileArchive => ({
    name,
    bytes: makeZip(parts.map((part, i) => (i % 2 === 1 ? { ...part, ...lie } : part))),
  });
  return [
    lies("local headers without their signature", { local: { signature: 7 } }),
    lies("another method in the local header", { local: { method: 0 } }),
    lies("a method that nobody knows in the local header", { local: { method: 99 } }),
    lies("another name in the local header", { local: { name: "../../etc/passwd" } }),
    lies("an extra field that reaches beyond the file", { local: { extraLength: 65_535 } }),
    lies("sizes that are said to follow and do not", { local: { isDescribedLater: true } }),
    lies("local headers behind the end of the file", { statedOffset: 0x7ffffff0 }),
    lies("local headers in the middle of others' bytes", { statedOffset: 77 }),
    lies("all entries at one place", { statedOffset: 0 }),
    lies("an extra field longer than itself", { extra: Buffer.from([1, 0, 200, 0, 1]) }),
  ];
}

function oddLists(parts: readonly ZipEntry[]): HostileArchive[] {
  const [first = { name: "train/good/0.png" }] = parts;
  const deep = `${"a/".repeat(480)}train/good/0.png`;
  const tiny = Array.from({ length: 10_000 }, (_, i) => ({
    name: `train/good/${i}.png`,
    data: Buffer.from(`${i}`),
    isStored: true,
  }));
  return [
    { name: "10,000 tiny entries", bytes: makeZip(tiny) },
    { name: "two entries of one name", bytes: makeZip([...parts, first]) },
    {
      name: "a name of 60,000 characters",
      bytes: makeZip([{ ...first, name: "n".repeat(60_000) }]),
    },
    { name: "folders in folders in folders", bytes: makeZip([{ ...first, name: deep }]) },
    { name: "a path that climbs out", bytes: makeZip([{ ...first, name: "train/../../x.png" }]) },
    { name: "a link", bytes: makeZip([{ ...first, mode: 0o120777 }]) },
    { name: "an entry under a password", bytes: makeZip([{ ...first, flags: 1 }]) },
    { name: "states 60,000 entries", bytes: makeZip(parts, 60_000) },
    { name: "states no entry", bytes: makeZip(parts, 0) },
    {
      name: "entries that share their bytes",
      bytes: makeZip(parts.map((part, i) => (i === 0 ? part : { ...part, sharesDataOf: 0 }))),
    },
  ];
}

function zip64(size: bigint, packedSize: bigint): Changes {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(size, 4);
  extra.writeBigUInt64LE(packedSize, 12);
  return { extra, statedSize: HUGE, statedPackedSize: HUGE };
}

/** The bytes with one in `every` replaced. */
function scramble(bytes: Buffer, seed: number, every = 3): Buffer {
  const scrambled = Buffer.from(bytes);
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let at = 2; at < scrambled.length; at += every) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    scrambled[at] = state >>> 24;
  }
  return scrambled;
}
