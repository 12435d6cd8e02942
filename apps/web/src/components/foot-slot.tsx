"use client";

import { createContext, useContext, type ReactNode } from "react";
import { createPortal } from "react-dom";

/** The element between the page and the status bar; null until it is on the page. */
export const FootSlotContext = createContext<HTMLElement | null>(null);

/** Shows its children at the foot of the window, where they stay while the page is scrolled. */
export function FootSlot({ children }: { readonly children: ReactNode }) {
  const slot = useContext(FootSlotContext);
  return slot ? createPortal(children, slot) : null;
}
