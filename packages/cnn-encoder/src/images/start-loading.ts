import { isAddress } from "@attend/runtime/files";
import type { ImageSource } from "./image-source.ts";
import { type LoadedImage, type LoadImageOptions, loadImage } from "./load-image.ts";

/** An image that is being loaded. */
export interface LoadingImage {
  /** Whoever awaits it gets the error of {@link loadImage}; nobody has to. */
  readonly image: Promise<LoadedImage>;
  /**
   * Resolves when a file is being decoded on another thread, or cannot be, and at once for what may be a download.
   * Reading a file takes turns of this thread: await it before something keeps the thread busy.
   */
  readonly decoding: Promise<void>;
}

/** Starts {@link loadImage}. */
export function startLoading(
  source: ImageSource,
  options: Omit<LoadImageOptions, "onDecoding">,
): LoadingImage {
  let onDecoding = () => {};
  const decoding = new Promise<void>((resolve) => {
    onDecoding = resolve;
  });
  if (typeof source !== "string" || isAddress(source)) onDecoding();
  const image = loadImage(source, { ...options, onDecoding });
  image.catch(() => onDecoding());
  return { image, decoding };
}
