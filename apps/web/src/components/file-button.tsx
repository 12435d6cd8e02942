"use client";

import type { ReactNode } from "react";

import { readChosenFiles, type PathFile } from "../lib/read-dropped-files.ts";

type FileButtonProps = {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly accept?: string;
  readonly isMultiple?: boolean;
  /** Choose a folder with all that is in it. */
  readonly isFolder?: boolean;
  readonly isDisabled?: boolean;
  readonly onChoose: (files: readonly PathFile[]) => void;
};

/** A file input that looks like a button and works with the keyboard like one. */
export function FileButton(props: FileButtonProps) {
  const { label, icon, accept, isMultiple, isFolder, isDisabled, onChoose } = props;
  return (
    <label className="border-line-strong bg-panel hover:bg-sunken has-focus-visible:outline-accent inline-flex h-8 cursor-pointer items-center gap-1.5 rounded-md border px-2.5 font-medium whitespace-nowrap has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-disabled:opacity-55 [&>svg]:size-4">
      {icon}
      {label}
      <input
        type="file"
        className="sr-only"
        accept={accept}
        multiple={isMultiple === true || isFolder === true}
        disabled={isDisabled}
        {...(isFolder === true && { webkitdirectory: "" })}
        onChange={(event) => {
          const files = event.currentTarget.files;
          if (files && files.length > 0) onChoose(readChosenFiles(files));
          // So that the same file can be chosen again after a failure.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
