import { defineJourney } from "./journey/define-journey.ts";
import { makeWashers } from "./support/make-washers.ts";

defineJourney({
  projectName: "Washers, line 1",
  makePictures: makeWashers,
  encoder: "tiny",
  steps: 64,
  leastImageAuroc: 0.5,
  isEveryPageChecked: true,
});
