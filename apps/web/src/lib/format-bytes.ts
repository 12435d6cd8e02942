const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A size for people: "0 B", "712 KiB", "3.1 GiB". Binary units, at most one decimal. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  // 1023.9 KiB would round to the odd-looking "1024 KiB".
  if (Number(value.toFixed(digits)) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit > 0 && value < 10 ? 1 : 0)} ${UNITS[unit] ?? "B"}`;
}
