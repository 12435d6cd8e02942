"use client";

import { TriangleAlert } from "lucide-react";

import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";

type ErrorPageProps = {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
};

/** What is shown in place of a page that failed to render. */
export function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main className="grid min-h-[70vh] place-items-center">
      <div role="alert">
        <EmptyState
          icon={<TriangleAlert />}
          title="This page could not be shown"
          action={
            <>
              <Button tone="primary" onClick={reset}>
                Try again
              </Button>
              <Button asChild>
                <a href="/">All projects</a>
              </Button>
            </>
          }
        >
          Something went wrong on our side.
          {error.digest !== undefined && ` Reference for the log: ${error.digest}.`}
        </EmptyState>
      </div>
    </main>
  );
}
