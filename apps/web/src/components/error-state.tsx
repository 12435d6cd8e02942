"use client";

import { TriangleAlert } from "lucide-react";

import { cn } from "../lib/cn.ts";
import { describeError } from "../lib/describe-error.ts";
import { Button } from "./button.tsx";
import { SignInAgain } from "./sign-in-again.tsx";

type ErrorStateProps = {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly className?: string;
};

/** What a place says when it could not be loaded, and the way to try again. */
export function ErrorState({ error, onRetry, className }: ErrorStateProps) {
  const { code, sentence, detail } = describeError(error);
  return (
    <div
      role="alert"
      className={cn("grid justify-items-center gap-1.5 px-6 py-10 text-center", className)}
    >
      <TriangleAlert aria-hidden className="text-defect mb-1 size-6 stroke-[1.5]" />
      <p className="max-w-md font-medium text-balance">{sentence}</p>
      {detail !== null && <p className="text-ink-2 max-w-md text-sm text-balance">{detail}</p>}
      {code === "UNAUTHENTICATED" && <SignInAgain />}
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
