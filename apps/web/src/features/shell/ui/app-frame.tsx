"use client";

import type { ReactNode } from "react";

import type { Theme } from "../../../lib/theme.ts";
import { UserMenu, useMe } from "../../session/index.ts";
import { StorageNotice } from "./storage-notice.tsx";
import { TopBar } from "./top-bar.tsx";

/** The frame of pages outside of a project. */
export function AppFrame({
  theme,
  children,
}: {
  readonly theme: Theme;
  readonly children: ReactNode;
}) {
  const me = useMe();
  return (
    <div className="flex min-h-dvh flex-col">
      <TopBar organisation={me.organisation.name} right={<UserMenu theme={theme} />} />
      <StorageNotice />
      <main id="content" className="grow">
        {children}
      </main>
    </div>
  );
}
