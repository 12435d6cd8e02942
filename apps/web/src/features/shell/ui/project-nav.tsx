"use client";

import type { ProjectId } from "@loupe/contracts";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";

const PLACES = [
  { path: "review", label: "Review" },
  { path: "inspect", label: "Inspect" },
  { path: "data", label: "Data" },
  { path: "train", label: "Train" },
  { path: "models", label: "Models" },
] as const;

/** The places of a project. */
export function ProjectNav({ projectId }: { readonly projectId: ProjectId }) {
  const pathname = usePathname();
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the places scroll: the one that is open is brought into view.
  useEffect(() => {
    const here = nav.current?.querySelector("[aria-current=page]");
    here?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <nav ref={nav} aria-label="Project" className="flex min-w-0 gap-0.5 overflow-x-auto p-1">
      {PLACES.map(({ path, label }) => {
        const href = `/projects/${projectId}/${path}`;
        const isHere = pathname === href || pathname.startsWith(`${href}/`);
        return (
          <Link
            key={path}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className="text-ink-2 hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:text-ink rounded-md px-2.5 py-1 aria-[current=page]:font-semibold pointer-coarse:py-3"
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
