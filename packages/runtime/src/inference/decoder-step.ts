import { nativeKernels } from "../kernels.ts";
import type { LstmState, LstmWeights } from "../recurrent/lstm-step.ts";
import { tf } from "../tf.ts";
import { hasFewRows } from "./dense.ts";
import { existingCopy } from "./packed-copies.ts";

type Matrix = tf.Tensor2D;
type Outputs = [
  features: Matrix,
  attention: Matrix,
  h: Matrix,
  c: Matrix,
  ...language: [h: Matrix, c: Matrix],
];

/** The state of a decoder for {@link fusedDecoderStep}. */
export interface DecoderStepState {
  /** `[rows, units]` each */
  readonly recurrent: LstmState;
  /** The state of a second LSTM over the first one's output and context, if there is one. */
  readonly language?: LstmState | undefined;
  /** Added to every word, `[images, size]`. */
  readonly image: tf.Tensor2D;
  /** The image of each row, `[rows]` int32. */
  readonly imageIndices: tf.Tensor1D;
  /** `[images, positions, keySize]` */
  readonly keys: tf.Tensor3D;
  /** `[images, positions, valueSize]` */
  readonly values: tf.Tensor3D;
}

/** The weights of a decoder for {@link fusedDecoderStep}. */
export interface DecoderStepWeights {
  /** The words, `[vocabulary, size]`. */
  readonly embedding: { readonly table: tf.Tensor2D };
  readonly lstm: LstmWeights;
  readonly language?: LstmWeights | undefined;
  /** `[units, keySize]` and, if scores are additive, `[keySize, 1]` */
  readonly score: {
    readonly query?: { readonly kernel: tf.Tensor2D } | undefined;
    readonly vector?: tf.Tensor2D | undefined;
  };
  /** Scales the context, `[units, 1]` and `[1]`. */
  readonly gate?: AffineWeights | undefined;
  /** `[units + valueSize, size]` and `[size]` */
  readonly combine: AffineWeights;
}

interface AffineWeights {
  readonly kernel: tf.Tensor2D;
  readonly bias?: tf.Tensor1D | undefined;
}

/**
 * One step of an LSTM whose new state attends to an image (Lu et al. 2017), and of a second LSTM if there is one, in one
 * operation without a gradient. Call it inside `tf.tidy`.
 *
 * @param tokens `[rows]` int32
 * @returns `features` `[rows, size]`, of which the output layer makes logits, `attention` `[rows, positions]`, and the next `state`; undefined if the engine
 *   has no kernel for it, gradients are being recorded, there are more rows than in the search for one photo, or the
 *   products of single steps have not copied all weights yet
 */
export function fusedDecoderStep(
  tokens: tf.Tensor1D,
  state: DecoderStepState,
  { embedding, lstm, language, score, gate, combine }: DecoderStepWeights,
) {
  if (!hasFewRows(state.recurrent.h) || score.query === undefined) return undefined;
  const products = [lstm, score.query, combine, ...(language ? [language] : [])];
  const copies = products.flatMap(({ kernel }) => existingCopy(kernel) ?? []);
  const [kernel, query, combineKernel, languageKernel] = copies;
  if (copies.length < products.length || !kernel || !query || !combineKernel) return undefined;
  const absent = tf.tensor1d([]);
  const of = (weights: AffineWeights | undefined) => [
    weights?.kernel ?? absent,
    weights?.bias ?? absent,
  ];
  const { recurrent, image, imageIndices, keys, values } = state;
  const inputs = [
    ...[tokens, imageIndices, image, keys, values, recurrent.h, recurrent.c],
    ...[state.language?.h ?? absent, state.language?.c ?? absent],
    ...[embedding.table, kernel, lstm.bias, query, score.vector ?? absent, ...of(gate)],
    ...[languageKernel ?? absent, language?.bias ?? absent],
    ...[combineKernel, combine.bias ?? absent],
  ];
  const outputs = nativeKernels("AttendDecoderStep", [], inputs, 6) as Outputs;
  const [features, attention, h, c, languageH, languageC] = outputs;
  const next = language && { language: { h: languageH, c: languageC } };
  return { features, attention, state: { recurrent: { h, c }, ...next } };
}
