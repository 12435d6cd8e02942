import { environment } from "./env.ts";
import { defineJourney } from "./journey/define-journey.ts";
import { makeWashers } from "./support/make-washers.ts";

const { isScreenshotWanted } = environment();

defineJourney({
  projectName: "Washers, line 1",
  makePictures: makeWashers,
  // The README shows heatmaps as people see them, not those of an encoder with random weights.
  encoder: isScreenshotWanted ? "loupe" : "tiny",
  // So many that the run is far from its end when its worker is killed, on a fast machine too.
  steps: 200,
  leastImageAuroc: 0.5,
  isEveryPageChecked: true,
});
