import type { ImageId, RunId } from "@loupe/contracts";

import { fileUseCase } from "../use-case/file-use-case.ts";

type ProbeAddress = { runId: RunId; imageId: ImageId; step: number };

/** The stored anomaly map (LMAP) of a probe image at one step. */
export const findProbeMap = fileUseCase("run:read", (db, address: ProbeAddress) =>
  db.runs.requireProbeMap(address),
);
