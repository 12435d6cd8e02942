const MAX_LENGTH = 100;

/** What somebody typed, for a log: cut, and with what cannot be seen spelled out. */
export function showTyped(typed: string): string {
  const shown = typed
    .slice(0, MAX_LENGTH)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
  return typed.length > MAX_LENGTH ? `${shown}…` : shown;
}
