import Link from "next/link";
import type { ReactNode } from "react";

import { Brand } from "../../../components/brand.tsx";

type TopBarProps = {
  readonly organisation: string;
  readonly project?: string;
  readonly children?: ReactNode;
  readonly right: ReactNode;
};

/** The bar at the head of every page. */
export function TopBar({ organisation, project, children, right }: TopBarProps) {
  return (
    <header className="border-line bg-panel flex h-11.5 shrink-0 items-center gap-3.5 border-b px-3.5 max-sm:gap-2">
      <a
        href="#content"
        className="bg-panel sr-only rounded-md px-3 py-1.5 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <Link
        href="/"
        aria-label="Loupe, all projects"
        className="shrink-0 rounded-md pointer-coarse:py-2.5"
      >
        <Brand nameClassName="max-sm:sr-only" />
      </Link>
      <p className="text-ink-2 flex min-w-0 items-center gap-1.5">
        <span className="hidden truncate xl:inline">{organisation}</span>
        {project !== undefined && (
          <>
            <span aria-hidden className="text-ink-3 hidden xl:inline">
              /
            </span>
            <span className="text-ink max-w-52 truncate font-semibold" title={project}>
              {project}
            </span>
          </>
        )}
      </p>
      {children}
      <div className="ml-auto flex shrink-0 items-center gap-2.5">{right}</div>
    </header>
  );
}
