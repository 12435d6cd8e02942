import { DisplayName, storedText } from "@loupe/contracts";
import { APIError } from "better-auth/api";

/** Passwords are hashed and never shown, so they may hold anything. */
const SECRETS: ReadonlySet<string> = new Set(["password", "newPassword", "currentPassword"]);
/** Longer than any address, token or small picture's address that people send. */
const LONGEST = 2_000;

/**
 * What somebody sends to better-auth's routes, with names tidied, held against the rules for text.
 *
 * The library takes any string; a NUL would end in the database's refusal, and a name of any length
 * would be on every screen. Throws a 400 with a sentence.
 */
export function checkAuthInput<T>(input: T): T {
  return check(input, []) as T;
}

function check(value: unknown, path: readonly string[]): unknown {
  const key = path.at(-1) ?? "";
  if (typeof value === "string") return SECRETS.has(key) ? value : checkText(value, path);
  if (Array.isArray(value)) return value.map((each, at) => check(each, [...path, String(at)]));
  // Left as it is what is no plain record, such as a date.
  if (value === null || typeof value !== "object" || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      checkText(name, path),
      check(each, [...path, name]),
    ]),
  );
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkText(text: string, path: readonly string[]): string {
  const rule = path.at(-1) === "name" ? DisplayName : storedText(LONGEST);
  const parsed = rule.safeParse(text);
  if (parsed.success) return parsed.data;
  const sentence = parsed.error.issues[0]?.message ?? "Expected another text.";
  const message = path.length === 0 ? sentence : `${path.join(".")}: ${sentence}`;
  throw new APIError("BAD_REQUEST", { code: "BAD_INPUT", message });
}
