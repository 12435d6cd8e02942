import type { EncoderInfo, TransformerShape } from "./encoder-info.ts";
import { describeTransformer, middleBlocks } from "./encoder-view.ts";

/** An encoder that can be fetched by name from the Hugging Face hub. */
export type CataloguedEncoder = {
  /** Its name on the hub without the owner, and here. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Owner and name on the hub. */
  readonly repository: string;
  /** Weights of the file that is fetched; single precision, 4 bytes each. */
  readonly sizeBytes: number;
  readonly licence: string;
  /** Whether it brings a text tower. */
  readonly hasText: boolean;
  /** What it is once it is here, before anything is fetched; its path is its address on the hub. */
  readonly info: EncoderInfo;
};

const HUB = "https://huggingface.co";

/** Width and depth of the published sizes; the hidden layer is four times as wide. */
const SIZES = {
  tiny: { width: 192, depth: 12 },
  small: { width: 384, depth: 12 },
  base: { width: 768, depth: 12 },
  large: { width: 1024, depth: 24 },
} as const;
type Size = keyof typeof SIZES;

type Entry = {
  readonly repository: string;
  readonly family: string;
  readonly size: Size;
  readonly title: string;
  readonly summary: string;
  readonly licence: string;
  readonly sizeBytes: number;
  readonly patch: number;
  readonly inputSize: number;
  /** 1 when not given: the class token alone. */
  readonly extraTokens?: number;
  /** Width of the space that it shares with its text tower. */
  readonly jointWidth?: number;
};

function catalogued(entry: Entry): CataloguedEncoder {
  const { repository, title, summary, licence, sizeBytes, family, inputSize } = entry;
  const { size, patch, extraTokens = 1, jointWidth = null } = entry;
  const name = repository.slice(repository.indexOf("/") + 1);
  const { width, depth } = SIZES[size];
  const transformer: TransformerShape = {
    width,
    depth,
    hidden: 4 * width,
    patch,
    extraTokens,
    jointWidth,
  };
  const text = jointWidth === null ? null : { width: jointWidth };
  const info = describeTransformer(
    { name, path: `${HUB}/${repository}`, family, sizeBytes, text, transformer },
    { layers: middleBlocks(depth), inputSize, space: "raw", globals: false },
  );
  const hasText = text !== null;
  return { name, title, summary, repository, sizeBytes, licence, hasText, info };
}

function clip(variant: Pick<Entry, "size" | "patch" | "inputSize" | "sizeBytes">): Entry {
  const { size, patch, inputSize } = variant;
  const suffix = inputSize === 336 ? "-336" : "";
  const letter = size === "large" ? "L" : "B";
  return {
    ...variant,
    repository: `openai/clip-vit-${size}-patch${patch}${suffix}`,
    family: "clip",
    title: `CLIP ViT-${letter}/${patch}${suffix === "" ? "" : "@336"}`,
    summary: "Learned from pictures with their captions; has a text tower.",
    licence: "MIT",
    jointWidth: size === "large" ? 768 : 512,
  };
}

function dinov2(size: Size, sizeBytes: number, registers: number): Entry {
  const hasRegisters = registers > 0;
  return {
    repository: `facebook/dinov2-${hasRegisters ? "with-registers-" : ""}${size}`,
    family: hasRegisters ? "dinov2-with-registers" : "dinov2",
    size,
    title: `DINOv2 ${size}${hasRegisters ? " with registers" : ""}`,
    summary: hasRegisters
      ? "Learned without labels; registers keep its maps free of stray peaks."
      : "Learned without labels; sees parts and textures well.",
    licence: "Apache-2.0",
    sizeBytes,
    patch: 14,
    inputSize: 224,
    extraTokens: 1 + registers,
  };
}

function vit(size: Size, sizeBytes: number, suffix = ""): Entry {
  return {
    repository: `google/vit-${size}-patch16-224${suffix}`,
    family: "vit",
    size,
    title: `ViT ${size}${suffix === "" ? "" : ", ImageNet-21k"}`,
    summary: "Learned to name what is in a picture.",
    licence: "Apache-2.0",
    sizeBytes,
    patch: 16,
    inputSize: 224,
  };
}

function deit(size: Size, sizeBytes: number, isDistilled: boolean): Entry {
  return {
    repository: `facebook/deit-${size}-${isDistilled ? "distilled-" : ""}patch16-224`,
    // Without the distillation token it is a plain ViT, and its files say so.
    family: isDistilled ? "deit" : "vit",
    size,
    title: `DeiT ${size}${isDistilled ? ", distilled" : ""}`,
    summary: "Learned to name what is in a picture, from ImageNet-1k alone.",
    licence: "Apache-2.0",
    sizeBytes,
    patch: 16,
    inputSize: 224,
    extraTokens: isDistilled ? 2 : 1,
  };
}

/** Every encoder that `loupe encoders pull` knows; sizes follow from the number of weights. */
export const ENCODER_CATALOGUE: readonly CataloguedEncoder[] = [
  clip({ size: "base", patch: 32, inputSize: 224, sizeBytes: 605_109_252 }),
  clip({ size: "base", patch: 16, inputSize: 224, sizeBytes: 598_482_948 }),
  clip({ size: "large", patch: 14, inputSize: 224, sizeBytes: 1_710_466_052 }),
  clip({ size: "large", patch: 14, inputSize: 336, sizeBytes: 1_711_776_772 }),
  dinov2("small", 88_226_304, 0),
  dinov2("base", 346_321_920, 0),
  dinov2("large", 1_217_474_560, 0),
  dinov2("small", 88_232_448, 4),
  dinov2("base", 346_334_208, 4),
  dinov2("large", 1_217_490_944, 4),
  vit("base", 346_270_624),
  vit("base", 345_556_992, "-in21k"),
  vit("large", 1_217_306_528),
  deit("tiny", 22_869_664, false),
  deit("small", 88_202_656, false),
  deit("base", 346_270_624, false),
  deit("tiny", 23_643_200, true),
  deit("small", 89_745_728, true),
  deit("base", 349_352_768, true),
].map(catalogued);

/** The encoder of that name, or null when it cannot be fetched by name. */
export function findCatalogued(name: string): CataloguedEncoder | null {
  return ENCODER_CATALOGUE.find((encoder) => encoder.name === name) ?? null;
}
