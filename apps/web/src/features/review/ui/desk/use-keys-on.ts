"use client";

import { useSyncExternalStore } from "react";
import { z } from "zod";

import { StoredValue } from "../../../../lib/stored-value.ts";

let stored: StoredValue<boolean> | null = null;

function setting(): StoredValue<boolean> {
  return (stored ??= new StoredValue({
    key: "loupe.review.keys",
    schema: z.boolean(),
    initial: true,
    store: typeof window === "undefined" ? null : window.localStorage,
  }));
}

const subscribe = (listener: () => void) => setting().subscribe(listener);
const read = () => setting().get();

/** Whether single keys act in the review; remembered on this machine. */
export function useKeysOn(): readonly [boolean, (areKeysOn: boolean) => void] {
  const areKeysOn = useSyncExternalStore(subscribe, read, () => true);
  return [areKeysOn, (value) => setting().set(value)];
}
