"use client";

import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

type SegmentedProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly onChange: (value: V) => void;
};

/** One of a few, all in view. Arrow keys move between them. */
export function Segmented<V extends string>(props: SegmentedProps<V>) {
  const { label, value, options, onChange } = props;
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
      className="border-line bg-sunken inline-flex rounded-md border p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="num text-ink-2 data-[state=on]:border-line data-[state=on]:bg-panel data-[state=on]:text-ink data-[state=on]:shadow-card inline-flex h-6 items-center gap-1 rounded-[5px] border border-transparent px-2 text-sm data-[state=on]:font-medium pointer-coarse:h-11"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
