import { dropChannels } from "@attend/decoding";
import { Module, ScaledEmbedding } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import { type FusionConfig, sentenceOf } from "./config.ts";
import { Seen, type View } from "./seen.ts";

/** A batch of questions, like the `SourceBatch` of `@attend/decoding`. */
export interface Question {
  /** `[rows, steps]` int32; positions past a question's length are ignored. */
  readonly tokens: tf.Tensor2D;
  /** Length of each question, at least 1. */
  readonly lengths: readonly number[];
  /** `[rows, size]`: the vector of each question as a sentence, see `sentenceOf`. Absent: read without. */
  readonly sentences?: tf.Tensor2D | undefined;
}

/** Images, as the encoders of `@attend/cnn-encoder` return them. */
export interface Image {
  /** `[images, positions, channels]` */
  readonly map: tf.Tensor3D;
  /** `[images, channels]`: the mean of the map. */
  readonly pooled: tf.Tensor2D;
  /** `[rows]` int32: which image each question is about. Absent: there is an image for each question. */
  readonly of?: tf.Tensor1D | undefined;
}

/** The images that questions are about. */
export type ImageMap = Pick<Image, "map" | "pooled">;

/** A question and its image as one vector. A type rather than an interface, so that `tf.tidy` may return it. */
export type Fused = {
  /** `[rows, size]` */
  readonly joint: tf.Tensor2D;
  /** `[rows, hops, positions]`: where each hop looked; each row sums to 1. Absent without attention. */
  readonly attention?: tf.Tensor3D;
  /** `[images, words]`: the log-odds that each image shows each of the fusion's `words`, to be learned by them. */
  readonly shown?: tf.Tensor2D;
};

/** The question's words as vectors. */
export interface Words extends Omit<Question, "tokens"> {
  /** `[rows, steps, embeddingSize]`; whatever is past a question's length is to be ignored. */
  readonly vectors: tf.Tensor3D;
}

/** Joins a question and an image. Created by `createFusion`. */
export abstract class Fusion<V extends View = View> extends Module {
  /** The vectors of the question's words; see `setWordVectors`. */
  readonly embedding: ScaledEmbedding;
  /** Size of the joint vector. */
  abstract readonly size: number;
  readonly #channels: number;
  readonly #imageDropout: number;
  readonly #sentenceSize: number | undefined;

  constructor(config: FusionConfig, random: Random | undefined) {
    super();
    const { vocabularySize, embeddingSize, channels, imageDropout } = config;
    this.embedding = new ScaledEmbedding(vocabularySize, embeddingSize, random);
    this.#channels = channels;
    this.#imageDropout = imageDropout;
    this.#sentenceSize = sentenceOf(config)?.size;
  }

  /** What all questions about the images need of them, for {@link fuse}. The caller owns the result. */
  view(image: ImageMap): V {
    return tf.tidy(() => this.see(image));
  }

  /**
   * Joins each question with its image. The caller owns the result.
   *
   * @param options.random enables dropout
   * @param options.view the images' {@link view}, to compute it once for several calls; without dropout
   * @throws AttendError BAD_SHAPE unless there is an image of the configured channels, or a number of one, and a
   *   length for each question, and for sentences of another size; BAD_ARGUMENT for an invalid length
   */
  fuse(
    question: Question,
    image: Image,
    options?: { random?: Random | undefined; view?: V | undefined },
  ): Fused {
    this.#check(question, image);
    const { tokens, ...rest } = question;
    const random = options?.random;
    return tf.tidy(() => {
      const vectors = this.embedding.forward(tokens) as tf.Tensor3D;
      const view = options?.view ?? this.see(dropChannels(image, this.#imageDropout, random));
      return this.join({ vectors, ...rest }, new Seen(view, image.of), random, tokens);
    });
  }

  /** {@link view} within `tf.tidy`. */
  protected abstract see(image: ImageMap): V;

  /** {@link fuse} of checked input, within `tf.tidy`. */
  protected abstract join(
    words: Words,
    seen: Seen<V>,
    random: Random | undefined,
    tokens: tf.Tensor2D,
  ): Fused;

  #check({ tokens, lengths, sentences }: Question, { map, pooled, of }: Image): void {
    const [rows, steps] = tokens.shape;
    const images = of === undefined ? rows : map.shape[0];
    const expected = `[images ${images}, positions, channels ${this.#channels}]`;
    const fits = (shape: readonly number[]) =>
      shape[0] === images && shape.at(-1) === this.#channels;
    if (!fits(map.shape) || !fits(pooled.shape)) {
      throw new AttendError(
        "BAD_SHAPE",
        `the images' map is [${map.shape}] and their mean [${pooled.shape}], expected ${expected} and its mean; give "of" if several questions are about one image`,
      );
    }
    if (of !== undefined && of.shape[0] !== rows) {
      const message = `"of" has numbers of ${of.shape[0]} images for ${rows} questions`;
      throw new AttendError("BAD_SHAPE", message);
    }
    if (lengths.length !== rows) {
      throw new AttendError("BAD_SHAPE", `${lengths.length} lengths for ${rows} questions`);
    }
    const sentenceSize = this.#sentenceSize;
    if (sentences !== undefined && sentences.shape.join() !== [rows, sentenceSize].join()) {
      const wanted = sentenceSize === undefined ? "none" : `[${rows}, ${sentenceSize}]`;
      const message = `the sentences' vectors are [${sentences.shape}], expected ${wanted}; see "sentence" in the fusion's config`;
      throw new AttendError("BAD_SHAPE", message);
    }
    const wrong = lengths.findIndex(
      (length) => !Number.isInteger(length) || length < 1 || length > steps,
    );
    if (wrong === -1) return;
    throw new AttendError(
      "BAD_ARGUMENT",
      `question ${wrong} has a length of ${lengths[wrong]}, expected a whole number from 1 to ${steps} (the steps); leave out an empty question`,
    );
  }
}
