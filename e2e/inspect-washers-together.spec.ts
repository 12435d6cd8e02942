import { environment } from "./env.ts";
import { defineJourney } from "./journey/define-journey.ts";
import { makeWashers } from "./support/make-washers.ts";

const { isScreenshotWanted } = environment();

defineJourney({
  projectName: "Washers, line 1",
  makePictures: makeWashers,
  // The README shows heatmaps as people see them, not those of an encoder with random weights.
  encoder: isScreenshotWanted ? "loupe" : "tiny",
  steps: isScreenshotWanted ? 200 : 64,
  leastImageAuroc: 0.5,
  isEveryPageChecked: true,
});
