import { tf } from "@attend/runtime";
import type { AnsweringNetwork } from "./network.ts";

/** Where the model looked. */
export interface Regions {
  /** The positions are a grid. */
  readonly grid: readonly [rows: number, columns: number];
  /** The weights of each hop, row by row; they sum to 1. */
  readonly hops: readonly Float32Array[];
}

/** What the network computed for a question. */
export interface Scored {
  /** Of each answer. */
  readonly logits: Float32Array;
  /** If the model has attention. */
  readonly attention?: Regions;
}

/** Reads the scores of a batch of questions, and disposes them. */
export function readScores({ logits, attention }: ReturnType<AnsweringNetwork["score"]>): Scored[] {
  const allLogits = rowsOf(logits);
  const weights = attention && rowsOf(attention);
  const [, hops = 0, positions = 0] = attention?.shape ?? [];
  tf.dispose([logits, attention ?? []]);
  if (weights === undefined) return allLogits.map((each) => ({ logits: each }));
  // Images are square, and so are their feature maps.
  const side = Math.sqrt(positions);
  return allLogits.map((each, row) => ({
    logits: each,
    attention: {
      grid: [side, side],
      hops: Array.from({ length: hops }, (_, hop) =>
        (weights[row] ?? new Float32Array()).slice(hop * positions, (hop + 1) * positions),
      ),
    },
  }));
}

function rowsOf(tensor: tf.Tensor): Float32Array[] {
  const values = tensor.dataSync<"float32">();
  const [rows = 0] = tensor.shape;
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.slice(row * size, (row + 1) * size));
}
