/** A value as the text of its field. */
export function showSetting(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
