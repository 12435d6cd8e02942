import { cn } from "../lib/cn.ts";

/** Mid-dark hues on which white initials keep 4.5:1. */
const HUES = ["#12704f", "#6244bd", "#a04a1c", "#1d62a8", "#97305f", "#50640f", "#76600a"] as const;

function hash(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  // Whole characters: half of one is shown as none.
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

type AvatarProps = {
  readonly name: string;
  /** Decides the colour, so that namesakes differ. */
  readonly id: string;
  /** Where the person works, shown on hover. */
  readonly site?: string | null;
  readonly size?: "sm" | "md";
  readonly className?: string;
};

/** A person as two letters on a colour of their own; the full name is its text for readers and hover. */
export function Avatar({ name, id, site = null, size = "md", className }: AvatarProps) {
  return (
    <span
      role="img"
      aria-label={name}
      title={site === null ? name : `${name}, ${site}`}
      style={{ backgroundColor: HUES[hash(id) % HUES.length] }}
      className={cn(
        "border-panel inline-grid shrink-0 place-items-center rounded-full border-2 font-semibold text-white select-none",
        size === "md" ? "size-6.5 text-[10px]" : "size-5 text-[8.5px]",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
