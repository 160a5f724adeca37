/** What describes a recording, frame by frame. */
export interface Features {
  readonly frames: number;
  /** numbers per frame */
  readonly size: number;
  /** `[frames, size]` */
  readonly data: Float32Array;
}

/** Makes features frame by frame. */
export function mapFrames(
  features: Features,
  size: number,
  map: (frame: Float32Array, into: Float32Array, index: number) => void,
): Features {
  const data = new Float32Array(features.frames * size);
  for (let index = 0; index < features.frames; index++) {
    map(frameOf(features, index), data.subarray(index * size, (index + 1) * size), index);
  }
  return { frames: features.frames, size, data };
}

/** One frame, `[size]`: a view of the features. Before the first is the first, after the last the last. */
export function frameOf({ frames, size, data }: Features, index: number): Float32Array {
  const start = Math.max(0, Math.min(frames - 1, index)) * size;
  return data.subarray(start, start + size);
}
