import { lengthMask, withoutGradient } from "@attend/attention";
import { Linear, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";
import { meanOfNeighbors, RegionWords } from "../region-words.ts";
import type { Seen } from "../seen.ts";

/**
 * What questions need of images: regions, their projections, the words that they show, how salient they are, and the
 * words that the image shows.
 */
type ViewWithWords = Readonly<
  Record<"map" | "regions" | "scores" | "salience", tf.Tensor3D> &
    Record<"shown" | "ofWords", tf.Tensor2D>
>;

/** The first weight of a word's own score in the attention to it. */
const firstWeight = 0.3;
/**
 * The weight of a region's scale in that attention: the features of an object are larger than those of what is around
 * it. It is constant, as learning from questions lowers it, and then the network looks beside the object.
 */
const scaleWeight = 4;

/**
 * Low-rank bilinear pooling with attention (Kim et al. 2017), to which `RegionWords` tell where the image shows
 * the words of the question, which is one more look at it, and what else it shows (attributes, Wu et al. 2016). With
 * s_i(t) the score of word t in region i, s(t) that in the image, both constant for the question, and |F_j| the scale of
 * a region j among the neighbors of i:
 *
 *     q = read([e_t; s(t)])
 *     a = softmax((tanh(q U) * tanh(F V)) P)    a' = softmax(sum_t w(t) s_i(t) + 4 mean_j log|F_j|)
 *     v = [a_1 F; ...; a_G F; a' F]    joint = tanh(q W_q) * tanh(v W_v + sigmoid(s) W_s)
 */
export class WordGuided extends Fusion<ViewWithWords> {
  readonly size: number;
  /** The words that regions are scored for: their ids in the vocabulary. */
  readonly words: readonly number[];
  readonly question: QuestionReader;
  readonly regionWords: RegionWords;
  /** `[words]`: how much the last look searches for each word that the question names. */
  readonly search: Parameter<tf.Rank.R1>;
  readonly query: Linear;
  readonly regions: Linear;
  readonly glimpses: Linear;
  readonly ofQuestion: Linear;
  readonly ofImage: Linear;
  readonly ofWords: Linear;

  constructor(config: ConfigOf<"word-guided">, random: Random | undefined) {
    super(config, random);
    const { size, channels, glimpses, words } = config;
    this.size = size;
    this.words = words;
    // A word is its vector and its score.
    this.question = createQuestionReader(config.question, config.embeddingSize + 1, random);
    this.regionWords = new RegionWords(config, random);
    this.search = parameter(tf.fill<tf.Rank.R1>([words.length], firstWeight));
    const { vectorSize } = this.question;
    this.query = new Linear(vectorSize, size, random);
    this.regions = new Linear(channels, size, random);
    this.glimpses = new Linear(size, glimpses, random, { bias: false });
    this.ofQuestion = new Linear(vectorSize, size, random);
    this.ofImage = new Linear((glimpses + 1) * channels, size, random);
    // Zero at first, as the words mean nothing yet.
    this.ofWords = new Linear(words.length, size, undefined, { bias: false });
  }

  protected see({ map }: ImageMap) {
    const squares = tf.mean<tf.Tensor3D>(tf.square(map), 2, true);
    const scale = tf.sqrt(tf.maximum<tf.Tensor3D>(squares, 1e-12));
    const salience = tf.mul<tf.Tensor3D>(meanOfNeighbors(tf.log(scale)), scaleWeight);
    const scores = this.regionWords.ofRegions(tf.div(map, scale));
    const shown = this.regionWords.ofImages(scores);
    return {
      ...{ map: tf.clone(map), shown, scores: constant(scores) },
      salience: tf.transpose(salience, [0, 2, 1]),
      regions: tf.tanh<tf.Tensor3D>(this.regions.forward(map)),
      ofWords: this.ofWords.forward(tf.sigmoid(constant(shown))),
    };
  }

  protected join(
    words: Words,
    image: Seen<ViewWithWords>,
    random: Random | undefined,
    tokens: tf.Tensor2D,
  ): Fused {
    const { map, regions, scores, salience, shown, ofWords } = image.view;
    const { vectors, lengths } = words;
    const named = this.regionWords.named(tokens);
    const scoresOfWords = tf.matMul<tf.Tensor3D>(
      named,
      tf.expandDims(image.each(constant(shown)), 2),
    );
    const scored = tf.concat3d([vectors, scoresOfWords], 2);
    const { vector } = this.question.read({ ...words, vectors: scored }, random);

    const mask = tf.expandDims<tf.Tensor3D>(lengthMask(lengths, tokens.shape[1]), 1);
    const searched = tf.mul<tf.Tensor3D>(tf.matMul(mask, named), this.search);
    const found = tf.add<tf.Tensor3D>(
      image.matMul(searched, scores, { transpose: true }),
      image.each(salience),
    );
    const query = tf.expandDims<tf.Tensor3D>(tf.tanh(this.query.forward(vector)), 1);
    // (query * region) P = region (query * P): so regions are not multiplied by each question.
    const queries = tf.mul<tf.Tensor3D>(query, tf.transpose(this.glimpses.kernel));
    const glimpsed = image.matMul(queries, regions, { transpose: true });
    const attention = tf.softmax(tf.concat3d([glimpsed, found], 1));

    const seen: tf.Tensor2D = tf.reshape(image.matMul(attention, map), [lengths.length, -1]);
    const question = tf.tanh(this.ofQuestion.forward(vector));
    const answer = tf.add(this.ofImage.forward(seen), image.each(ofWords));
    return { joint: tf.mul(question, tf.tanh(answer)), attention, shown: tf.clone(shown) };
  }
}

/** The tensor, through which no gradient passes. */
function constant<T extends tf.Tensor>(tensor: T): T {
  return withoutGradient(tensor, () => tf.clone(tensor));
}
