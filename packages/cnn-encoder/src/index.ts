export {
  type EfficientNetLiteConfig,
  type EfficientNetLiteOptions,
  efficientNetLiteSchema,
} from "./efficientnet-lite/config.ts";
export { createEfficientNetLite, EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
export { loadPytorchEfficientNetLite } from "./efficientnet-lite/from-pytorch.ts";
export { encodingOf, freezeBefore } from "./encode.ts";
export {
  type AnyEncoder,
  createEncoder,
  type EncoderOptions,
  encoderChannels,
  encoderSchema,
  loadEncoder,
  saveEncoder,
} from "./encoder-file.ts";
export type { EncodeOptions, ImageEncoder, ImageEncoding } from "./image-encoder.ts";
export { type Augmentation, augment, augmentationSchema } from "./images/augment.ts";
export type { ImageSource } from "./images/image-source.ts";
export {
  type Fit,
  fits,
  type LoadedImage,
  type LoadImageOptions,
  loadImage,
  loadPicture,
  type Picture,
  type ReadImageOptions,
} from "./images/load-image.ts";
export { type LoadingImage, startLoading } from "./images/start-loading.ts";
export { toInput } from "./images/to-input.ts";
export { findUnreadable, findUnreadableOnce } from "./images/unreadable.ts";
export {
  createSmallCnn,
  SmallCnn,
  type SmallCnnConfig,
  type SmallCnnOptions,
} from "./small-cnn.ts";
