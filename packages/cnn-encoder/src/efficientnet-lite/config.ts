import { z } from "zod";

/** Configuration of an EfficientNet-Lite. */
export const efficientNetLiteSchema = z.strictObject({
  /** Lite0 is the smallest. */
  variant: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** Includes the layer of 1,000 ImageNet classes. */
  classifier: z.boolean().default(false),
  /** Batch norm folded into the convolutions, for inference. */
  folded: z.boolean().default(false),
  /** Weight of a batch's statistics in the update of the running ones. */
  momentum: z.number().gt(0).max(1).default(0.01),
});

/** Configuration of an EfficientNet-Lite; fields with a default may be omitted. */
export type EfficientNetLiteOptions = z.input<typeof efficientNetLiteSchema>;
/** Configuration of an EfficientNet-Lite with all defaults. */
export type EfficientNetLiteConfig = z.output<typeof efficientNetLiteSchema>;

/** One inverted residual block (Sandler et al. 2018). */
export interface BlockConfig {
  readonly expansion: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly inChannels: number;
  readonly outChannels: number;
}

export const stemChannels = 32;
export const headChannels = 1280;
export const classCount = 1000;
export const batchNormEpsilon = 1e-3;

/** Width, depth and image size of the published Lite models. */
const scalings = [
  { width: 1, depth: 1, imageSize: 224 },
  { width: 1, depth: 1.1, imageSize: 240 },
  { width: 1.1, depth: 1.2, imageSize: 260 },
] as const;

/** Tan & Le 2019, table 1 (EfficientNet-B0): expansion, kernel, stride, channels, repeats. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

export function imageSizeOf(variant: EfficientNetLiteConfig["variant"]): number {
  return scalings[variant].imageSize;
}

/**
 * The blocks in order. The Lite models scale neither stem and head nor the repeats of the first and
 * last stages.
 */
export function blocksOf(variant: EfficientNetLiteConfig["variant"]): BlockConfig[] {
  const { width, depth } = scalings[variant];
  const blocks: BlockConfig[] = [];
  let inChannels = stemChannels;
  stages.forEach(([expansion, kernelSize, stride, channels, repeats], stage) => {
    const outChannels = scaledChannels(channels, width);
    const isEnd = stage === 0 || stage === stages.length - 1;
    const count = isEnd ? repeats : Math.ceil(repeats * depth);
    for (let i = 0; i < count; i++) {
      blocks.push({ expansion, kernelSize, stride: i === 0 ? stride : 1, inChannels, outChannels });
      inChannels = outChannels;
    }
  });
  return blocks;
}

/** Rounded to a multiple of 8 that is at least 90 % of the exact number. */
function scaledChannels(channels: number, width: number): number {
  const exact = channels * width;
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8);
  return rounded < 0.9 * exact ? rounded + 8 : rounded;
}
