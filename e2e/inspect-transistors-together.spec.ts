import { join } from "node:path";

import { environment } from "./env.ts";
import { defineJourney } from "./journey/define-journey.ts";
import { cutTransistor } from "./support/cut-transistor.ts";
import { test } from "./support/test.ts";

const { sharedData } = environment();

test.skip(
  sharedData === null,
  "needs the folder of real data (LOUPE_SHARED_DATA) with MVTec AD's transistor",
);

defineJourney({
  projectName: "Transistors, line 2",
  makePictures: (folder) =>
    cutTransistor(join(sharedData ?? "", "datasets/mvtec_ad/transistor"), folder),
  encoder: "resnet18",
  steps: 100,
  leastImageAuroc: 0.6,
  isEveryPageChecked: false,
});
