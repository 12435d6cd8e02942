"use client";

import { useState, type DragEvent, type ReactNode } from "react";

import { cn } from "../lib/cn.ts";
import { readDroppedFiles, type PathFile } from "../lib/read-dropped-files.ts";

type DropZoneProps = {
  readonly onDrop: (files: readonly PathFile[]) => void;
  readonly isDisabled?: boolean;
  readonly className?: string;
  /** What can be done without dragging: buttons, words. */
  readonly children: ReactNode;
};

/** A place to drop files or folders on. */
export function DropZone({ onDrop, isDisabled = false, className, children }: DropZoneProps) {
  const [isOver, setIsOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    <div
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setIsOver(!isDisabled);
      }}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = isDisabled ? "none" : "copy";
      }}
      onDragLeave={(event) => {
        const into = event.relatedTarget;
        if (!(into instanceof Node) || !event.currentTarget.contains(into)) setIsOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        if (!isDisabled) void readDroppedFiles(event.dataTransfer).then(onDrop);
      }}
      className={cn(
        "rounded-lg border border-dashed transition-colors",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong bg-panel",
        className,
      )}
    >
      {children}
    </div>
  );
}
