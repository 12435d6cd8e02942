import { useRef } from "react";

/** Gives the focus back to where it was when a dialog opened; by itself a dialog knows only its own trigger. */
export function useFocusReturn() {
  const before = useRef<Element | null>(null);
  return {
    noteFocus: () => {
      before.current = document.activeElement;
    },
    giveFocusBack: (event: Event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}
