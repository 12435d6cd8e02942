import type { ThemeColours } from "../../../../lib/use-theme-colours.ts";

const COLOURS = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6"] as const;
/** Each round of the colours has dashes of its own, and neighbours differ too. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];

export type SeriesLook = {
  readonly colour: (typeof COLOURS)[number];
  readonly dash: readonly number[];
};

/** Colour and dashes of a chart's n-th curve: never the colour alone tells two apart. */
export function seriesLook(index: number): SeriesLook {
  const round = Math.floor(index / COLOURS.length);
  return {
    colour: COLOURS[index % COLOURS.length] ?? "series-1",
    dash: DASHES[(index + round) % DASHES.length] ?? [],
  };
}

/** The colour as a canvas takes it. */
export function strokeOf({ colour }: SeriesLook, colours: ThemeColours): string {
  return colours[colour];
}
