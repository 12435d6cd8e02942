const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** A byte count as people read it, such as "256 MiB" or "1.5 GiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${rounded} ${UNITS[unit] ?? "bytes"}`;
}
