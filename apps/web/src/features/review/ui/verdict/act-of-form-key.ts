/** What a key does in the form "Defect type" beyond what browsers do with it. */
export type FormKeyAct = "type" | "leave" | "none";

type FormKey = {
  /** As in `KeyboardEvent.key`. */
  readonly key: string;
  /** On one of the known types, rather than on the field or the button. */
  readonly isOnChip: boolean;
  /** With Ctrl, Meta or Alt. */
  readonly isShortcut: boolean;
  /** Some keyboards type with AltGr, which also counts as Ctrl and Alt. */
  readonly isAltGraph: boolean;
};

/** Keys that begin a letter: accents, and input methods. */
const BEGINNINGS: ReadonlySet<string> = new Set(["Dead", "Process"]);

/**
 * Whoever types on a known type means a name, and goes on in the field; Escape goes back to the page.
 *
 * Space, Enter and the arrows stay those of radio buttons.
 */
export function actOfFormKey({ key, isOnChip, isShortcut, isAltGraph }: FormKey): FormKeyAct {
  if (key === "Escape") return "leave";
  if (!isOnChip || (isShortcut && !isAltGraph)) return "none";
  const isLetter = [...key].length === 1 && key.trim() !== "";
  return isLetter || BEGINNINGS.has(key) ? "type" : "none";
}
