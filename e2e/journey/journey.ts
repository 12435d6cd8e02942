import type { Person } from "../pages/sign-in.ts";
import type { DatasetCut } from "../support/cut-transistor.ts";

export type JourneyWorld = {
  /** Name of the project that the journey makes. */
  readonly projectName: string;
  /** Fill an empty folder with pictures in MVTec layout and say how many. */
  readonly makePictures: (folder: string) => Promise<DatasetCut>;
  readonly encoder: string;
  readonly steps: number;
  /** The detector must tell defective from good at least this well. */
  readonly leastImageAuroc: number;
  /** Every page is checked for accessibility, and the README's picture may be taken, in one journey. */
  readonly isEveryPageChecked: boolean;
};

/** What the steps of one journey share. */
export type Journey = {
  readonly world: JourneyWorld;
  /** Holds the pictures as `pictures.zip`, one that is `new.jpg`, and a `broken.zip`. */
  readonly folder: string;
  readonly pictures: DatasetCut;
  readonly engineer: Person;
  readonly reviewer: Person;
  /** Known once the first step has made the project. */
  projectId: string;
};

/** The journey under way; steps ask for it when they run, since it begins after they are defined. */
export type CurrentJourney = () => Journey;

export const IMPORT_LIMIT_MS = 120_000;
/**
 * A verdict is a colleague's within a second, and a screen says within five that it is cut off, on a
 * machine that is not busy: `npm run bench:live` measures that. Here other work may have the cores,
 * and what counts is that both come without anyone asking.
 */
export const UNASKED_LIMIT_MS = 30_000;
