import { twMerge } from "tailwind-merge";

/** Class names joined, where a later Tailwind class beats an earlier one of its kind. */
export function cn(...classes: (string | false | null | undefined)[]): string {
  return twMerge(classes.filter(Boolean).join(" "));
}
