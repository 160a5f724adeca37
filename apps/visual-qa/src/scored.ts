import { tf } from "@attend/runtime";
import type { Image, Question, View } from "@attend/vqa-fusion";
import type { Candidates } from "./answers/answer-head.ts";
import type { AnsweringNetwork } from "./network.ts";

/** Where the model looked. */
export interface Regions {
  /** The positions are a grid. */
  readonly grid: readonly [rows: number, columns: number];
  /** The weights of each hop, row by row; they sum to 1. */
  readonly hops: readonly Float32Array[];
}

/** What the network computed for a question. */
export interface Scored extends Candidates {
  /** If the model has attention. */
  readonly attention?: Regions;
}

/**
 * Scores the answers to questions, each about the image of the same row, or the one that `image.of` tells.
 *
 * @param view what the fusion computed of the images, if it is kept
 */
export function scoreAll(
  network: AnsweringNetwork,
  question: Question,
  image: Image,
  view?: View,
): Scored[] {
  const fused = network.fusion.fuse(question, image, { view });
  const { joint, attention } = fused;
  const candidates = network.answers.answer(joint, image);
  const regions = attention && regionsOf(attention);
  tf.dispose(fused);
  if (regions === undefined) return candidates;
  return candidates.map((each, row) => {
    const looked = regions[row];
    return looked === undefined ? each : { ...each, attention: looked };
  });
}

/** @param attention `[rows, hops, positions]` */
function regionsOf(attention: tf.Tensor3D): Regions[] {
  const [rows, hops, positions] = attention.shape;
  const values = attention.dataSync<"float32">();
  // Images are square, and so are their feature maps.
  const side = Math.sqrt(positions);
  return Array.from({ length: rows }, (_, row) => {
    return {
      grid: [side, side],
      hops: Array.from({ length: hops }, (_, hop) => {
        const at = (row * hops + hop) * positions;
        return values.slice(at, at + positions);
      }),
    };
  });
}
