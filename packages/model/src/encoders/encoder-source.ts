import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { EncoderView } from "../catalog/encoder-view.ts";
import type { Provider } from "../catalog/providers.ts";
import type { PixelNormalisation } from "./pixel-normalisation.ts";
import type { TextTower } from "./text-tower.ts";

/** A frozen encoder on disk that has been recognised but not loaded. */
export interface EncoderSource {
  readonly info: EncoderInfo;
  readonly normalisation: PixelNormalisation;
  /** Files whose bytes decide the features; they are hashed. */
  readonly files: readonly string[];
  /**
   * The encoder as an ONNX model for batches of `batch` images, written for a provider.
   *
   * Input `pixels` [batch, 3, size, size]; outputs `tokens0`, `tokens1`, `tokens2`
   * [batch, gridSize², channels], shallow to deep, tokens row by row, and with `info.globals` also
   * `global0`, `global1`, `global2` [batch, channels]; of the type that `featureType` says.
   */
  buildModel(batch: number, target: Provider): Promise<Uint8Array>;
  /** Loads the text tower; only there when `info.text` is. */
  readonly textTower?: () => Promise<TextTower>;
}

/** One architecture: how its folder is recognised and turned into a model. */
export interface EncoderFamily {
  readonly name: string;
  /**
   * The encoder in `folder`, or null when the folder holds another family.
   *
   * @throws one sentence when the folder is of this family but its files or the view do not fit
   */
  recognise(folder: string, view: EncoderView): Promise<EncoderSource | null>;
}
