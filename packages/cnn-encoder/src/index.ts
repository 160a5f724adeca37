export type {
  EfficientNetLiteConfig,
  EfficientNetLiteOptions,
} from "./efficientnet-lite/config.ts";
export { createEfficientNetLite, EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
export { loadPytorchEfficientNetLite } from "./efficientnet-lite/from-pytorch.ts";
export type { EncodeOptions, ImageEncoder, ImageEncoding } from "./image-encoder.ts";
export { type LoadedImage, type LoadImageOptions, loadImage } from "./images/load-image.ts";
export { toInput } from "./images/to-input.ts";
