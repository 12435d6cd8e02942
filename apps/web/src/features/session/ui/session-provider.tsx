"use client";

import { createContext, useContext, type ReactNode } from "react";

import type { Me } from "../server/me.ts";

const SessionContext = createContext<Me | null>(null);

/** Says who is signed in. The server read it while it made the page. */
export function SessionProvider({
  me,
  children,
}: {
  readonly me: Me;
  readonly children: ReactNode;
}) {
  return <SessionContext.Provider value={me}>{children}</SessionContext.Provider>;
}

/** Who is signed in, in which organisation, with which role. */
export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error("Expected a SessionProvider above this component, found none");
  return me;
}
