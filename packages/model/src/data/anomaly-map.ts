/** Anomaly of every pixel: raw, smoothed scores, row-major, at the encoder's input resolution. */
export type AnomalyMap = {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
};

const MAGIC = "LMAP";
const VERSION = 1;
const HEADER_BYTES = 24;
const TOP = 65535;

/**
 * An anomaly map as an "LMAP" blob of 24 + 2·width·height bytes.
 *
 * Magic "LMAP", u8 version 1, 3 zero bytes, u32 width, u32 height, f32 min, f32 max, then u16 for
 * each pixel, all little-endian. A pixel's value is min + q/65535·(max − min), so the error is at
 * most (max − min)/131070.
 *
 * @throws when the values are not finite or do not fill width × height
 */
export function encodeAnomalyMap(map: AnomalyMap): Uint8Array {
  const { width, height, values } = map;
  if (values.length !== width * height) {
    throw new Error(
      `Expected ${width} × ${height} = ${width * height} map values, got ${values.length}.`,
    );
  }
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new Error(`Expected finite map values, got ${value}.`);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (values.length === 0) min = max = 0;

  const bytes = new Uint8Array(HEADER_BYTES + 2 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < MAGIC.length; i++) view.setUint8(i, MAGIC.charCodeAt(i));
  view.setUint8(4, VERSION);
  view.setUint32(8, width, true);
  view.setUint32(12, height, true);
  view.setFloat32(16, min, true);
  view.setFloat32(20, max, true);
  const scale = max > min ? TOP / (max - min) : 0;
  values.forEach((value, i) => {
    view.setUint16(HEADER_BYTES + 2 * i, Math.round((value - min) * scale), true);
  });
  return bytes;
}

/** The map that an "LMAP" blob holds. @throws when the blob is of another kind or cut short */
export function decodeAnomalyMap(bytes: Uint8Array): AnomalyMap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.length < HEADER_BYTES || magic !== MAGIC) {
    throw new Error(`Expected an LMAP blob, got ${bytes.length} bytes that begin otherwise.`);
  }
  const version = view.getUint8(4);
  if (version !== VERSION) {
    throw new Error(`Expected LMAP version ${VERSION}, got ${version}. Update Loupe to read it.`);
  }
  const width = view.getUint32(8, true);
  const height = view.getUint32(12, true);
  const expected = HEADER_BYTES + 2 * width * height;
  if (bytes.length !== expected) {
    throw new Error(`Expected an LMAP blob of ${expected} bytes, got ${bytes.length}.`);
  }
  const min = view.getFloat32(16, true);
  const step = (view.getFloat32(20, true) - min) / TOP;
  const values = Float32Array.from(
    { length: width * height },
    (_, i) => min + step * view.getUint16(HEADER_BYTES + 2 * i, true),
  );
  return { width, height, values };
}
