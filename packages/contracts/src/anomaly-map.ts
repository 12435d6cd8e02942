/**
 * @file The binary form of an anomaly map, as stored and as sent to browsers.
 *
 * Layout, little-endian: "LMAP", u8 version = 1, 3 zero bytes, u32 width,
 * u32 height, f32 min, f32 max, then width · height u16 values, row-major,
 * linear between min and max. The rounding error is at most (max − min) / 131070.
 */
export type AnomalyMap = {
  readonly width: number;
  readonly height: number;
  /** Raw scores, row-major, shape [height, width]. */
  readonly values: Float32Array;
};

const MAGIC = 0x50414d4c; // "LMAP"
const HEADER_BYTES = 24;
const LEVELS = 65535;

/** Decode a stored anomaly map. Throws a plain Error on anything that is not one. */
export function decodeAnomalyMap(bytes: Uint8Array): AnomalyMap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new Error(
      `Expected an anomaly map, got ${bytes.byteLength} bytes that do not start with LMAP`,
    );
  }
  if (view.getUint8(4) !== 1) {
    throw new Error(`Expected anomaly map version 1, got ${view.getUint8(4)}`);
  }
  const width = view.getUint32(8, true);
  const height = view.getUint32(12, true);
  const min = view.getFloat32(16, true);
  const max = view.getFloat32(20, true);
  const expected = HEADER_BYTES + 2 * width * height;
  if (bytes.byteLength !== expected) {
    throw new Error(
      `Expected ${expected} bytes for a ${width}×${height} map, got ${bytes.byteLength}`,
    );
  }
  const values = new Float32Array(width * height);
  const scale = (max - min) / LEVELS;
  for (let i = 0; i < values.length; i++) {
    values[i] = min + view.getUint16(HEADER_BYTES + 2 * i, true) * scale;
  }
  return { width, height, values };
}

/** Encode an anomaly map. Values must be finite. */
export function encodeAnomalyMap(map: AnomalyMap): Uint8Array<ArrayBuffer> {
  const { width, height, values } = map;
  if (values.length !== width * height) {
    throw new Error(
      `Expected ${width * height} values for a ${width}×${height} map, got ${values.length}`,
    );
  }
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new Error(`Expected finite scores, got ${value}`);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (values.length === 0) min = max = 0;
  const bytes = new Uint8Array(HEADER_BYTES + 2 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, 1);
  view.setUint32(8, width, true);
  view.setUint32(12, height, true);
  view.setFloat32(16, min, true);
  view.setFloat32(20, max, true);
  const low = view.getFloat32(16, true);
  const span = view.getFloat32(20, true) - low;
  for (let i = 0; i < values.length; i++) {
    const share = span > 0 ? ((values[i] ?? 0) - low) / span : 0;
    view.setUint16(
      HEADER_BYTES + 2 * i,
      Math.round(Math.min(1, Math.max(0, share)) * LEVELS),
      true,
    );
  }
  return bytes;
}
