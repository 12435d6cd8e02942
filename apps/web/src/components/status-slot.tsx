"use client";

import { createContext, useContext, type ReactNode } from "react";
import { createPortal } from "react-dom";

/** The element at the right of the status bar; null until it is on the page. */
export const StatusSlotContext = createContext<HTMLElement | null>(null);

/** Shows its children in the status bar at the foot of the page. */
export function StatusSlot({ children }: { readonly children: ReactNode }) {
  const slot = useContext(StatusSlotContext);
  return slot ? createPortal(children, slot) : null;
}
