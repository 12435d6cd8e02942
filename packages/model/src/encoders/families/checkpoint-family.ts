import { basename } from "node:path";

import type { EncoderInfo } from "../../catalog/encoder-info.ts";
import {
  blocksOf,
  describeTransformer,
  type EncoderView,
  middleBlocks,
  viewEncoder,
} from "../../catalog/encoder-view.ts";
import { cast } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import type { EncoderFamily, EncoderSource } from "../encoder-source.ts";
import { featureType } from "../feature-layout.ts";
import type { PixelNormalisation } from "../pixel-normalisation.ts";
import { openSafetensors } from "../safetensors/open-safetensors.ts";
import type { TextTower } from "../text-tower.ts";
import {
  type CheckpointFolder,
  readCheckpointFolder,
  readPreprocessor,
} from "./checkpoint-folder.ts";
import { loadedParameters } from "./loaded-parameters.ts";
import {
  type VisionLayer,
  visionLayers,
  type VisionRequest,
  type VisionShape,
} from "./vision-transformer.ts";
import type { WeightSources } from "./weight-source.ts";

/** A checkpoint as its family reads it. */
export type CheckpointModel = {
  readonly shape: VisionShape;
  /** Where the weights lie that the given part of the transformer needs. */
  sources(request: Omit<VisionRequest, "batch">): WeightSources;
  readonly textTower?: { readonly width: number; load(): Promise<TextTower> };
};

/** How the checkpoints of one architecture are told and read. */
export type CheckpointFamily = {
  readonly name: string;
  /** Values of `model_type` in `config.json`. */
  readonly modelTypes: readonly string[];
  /** @param names the weights in the file @throws what does not fit, by name */
  read(folder: CheckpointFolder, names: ReadonlySet<string>): CheckpointModel;
};

/** What is known of a checkpoint when nothing special is wanted of it. */
function describe(
  { name: family }: CheckpointFamily,
  folder: CheckpointFolder,
  { model, cropSize }: { model: CheckpointModel; cropSize: number | null },
): EncoderInfo {
  const { shape, textTower } = model;
  const { width, depth, hidden, patch, leading, registers, jointWidth } = shape;
  const extraTokens = leading + registers;
  const inputSize = cropSize !== null && cropSize % patch === 0 ? cropSize : shape.trainedSize;
  return describeTransformer(
    {
      name: basename(folder.path),
      path: folder.path,
      family,
      sizeBytes: folder.weightsBytes,
      text: textTower === undefined ? null : { width: textTower.width },
      transformer: { width, depth, hidden, patch, extraTokens, jointWidth },
    },
    { layers: middleBlocks(depth), inputSize, space: "raw", globals: false },
  );
}

async function weightNames(folder: CheckpointFolder): Promise<ReadonlySet<string>> {
  const file = await openSafetensors(folder.weightsFile);
  await file.close();
  return new Set(file.names);
}

/** A checkpoint of a known family, seen as a person or a method wants it. */
export type OpenedCheckpoint = {
  readonly info: EncoderInfo;
  readonly folder: CheckpointFolder;
  readonly normalisation: PixelNormalisation;
  readonly model: CheckpointModel;
  /** Loads the weights and builds the three layers for batches of that many pictures. */
  layers(batch: number): Promise<VisionLayer[]>;
};

/** The checkpoint in a folder, or null when it is of another family. @throws as `recognise` */
export async function openCheckpoint(
  family: CheckpointFamily,
  path: string,
  view: EncoderView,
): Promise<OpenedCheckpoint | null> {
  const folder = await readCheckpointFolder(path);
  if (folder === null || !family.modelTypes.includes(folder.config.model_type)) return null;
  const model = family.read(folder, await weightNames(folder));
  const { normalisation, cropSize } = await readPreprocessor(path);
  const info = viewEncoder(describe(family, folder, { model, cropSize }), view);
  const { inputSize, space } = info;
  const request = { inputSize, space, blocks: blocksOf(info) };
  return {
    info,
    folder,
    normalisation,
    model,
    async layers(batch) {
      const file = await openSafetensors(folder.weightsFile);
      try {
        const parameters = await loadedParameters(file, model.sources(request));
        return visionLayers(parameters, model.shape, { ...request, batch });
      } finally {
        await file.close();
      }
    },
  };
}

/** Folders in the hub's layout whose `config.json` says one of the family's `modelTypes`. */
export function checkpointFamily(family: CheckpointFamily): EncoderFamily {
  return {
    name: family.name,
    async recognise(path, view): Promise<EncoderSource | null> {
      const opened = await openCheckpoint(family, path, view);
      if (opened === null) return null;
      const { info, folder, normalisation, model } = opened;
      const { textTower } = model;
      return {
        info,
        normalisation,
        files: [folder.configFile, folder.weightsFile],
        async buildModel(batch, target) {
          const type = featureType(target);
          const outputs = (await opened.layers(batch)).flatMap(({ tokens, global }, index) => [
            [`tokens${index}`, cast(tokens, type)] as const,
            ...(info.globals ? [[`global${index}`, cast(global, type)] as const] : []),
          ]);
          return exportModel({ outputs: Object.fromEntries(outputs), target });
        },
        ...(textTower === undefined ? {} : { textTower: () => textTower.load() }),
      };
    },
  };
}
