import { lengthMask } from "@attend/attention";
import { dropout, Embedding, Linear, type Parameter, parameter, uniform } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { encodeSentences } from "../position-encoding.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import { byStory, collectSentences, type EncodedStory } from "../stories.ts";

/** The initial update gate is nearly closed: most sentences do not matter. */
const updateBias = -2.5;
/**
 * Limits of the initial, uniform weights: small enough that gates begin between open and closed, where they learn, and
 * large enough that a gate can tell sentences apart.
 */
const limits = { words: 0.9, gates: 0.5 };

/**
 * A query-reduction network (Seo et al. 2017, section 2): each sentence x_t may change the query q_t, by gates that
 * compare both; the next layer reads the sentences again with the changed queries of both directions.
 *
 *     z_t = sigmoid(w_z (x_t * q_t) + b_z)    r_t = sigmoid(w_r (x_t * q_t) + b_r)    c_t = tanh(W [q_t, x_t] + b)
 *     h_t = z_t r_t c_t + (1 - z_t) h_{t-1}   q'_t = h_t forwards + h_t backwards      logits = W_a h_T
 *
 * Gates are scalars, so that h is a weighted sum of the candidates c and all steps run at once (section 2.2). All layers
 * have the same weights; the last has no reset gate r, and its weights are the attention: they sum to at most 1.
 */
export class QueryReduction extends StoryReader {
  readonly looksAt = "sentences";
  readonly words: Embedding;
  readonly candidate: Linear;
  /** Of update, reset forwards and reset backwards, `[size, 3]`. */
  readonly gates: Parameter<tf.Rank.R2>;
  readonly gateBias: Parameter<tf.Rank.R1>;
  readonly classes: Linear;
  readonly #config: ConfigOf<"query-reduction">;

  constructor(config: ConfigOf<"query-reduction">, random: Random | undefined) {
    super(config);
    this.#config = config;
    const { vocabularySize, size, answers } = config;
    const initializer = uniform(random, limits.words);
    this.words = new Embedding(vocabularySize, size, random, { initializer });
    this.candidate = new Linear(2 * size, size, random);
    this.gates = parameter(uniform(random, limits.gates)<tf.Rank.R2>([size, 3]));
    this.gateBias = parameter(tf.tensor1d([updateBias, 0, 0]));
    this.classes = new Linear(size, answers, random, { bias: false });
  }

  protected answer(stories: readonly EncodedStory[], { random }: ReadOptions): Answered {
    const { sentences, indices, counts } = collectSentences(stories.map(({ story }) => story));
    const questions = stories.map(({ question }) => question);
    const vectors = encodeSentences([...questions, ...sentences], this.words.table, this.#config);
    const [asked, ofStories] = tf.split(vectors, [stories.length, sentences.length]) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const told = byStory(ofStories, indices);
    const input = dropout(told, this.#config.dropout, random);
    const mask = lengthMask(counts, input.shape[1]);
    let queries: tf.Tensor3D = tf.add(tf.zerosLike(input), tf.expandDims(asked, 1));
    const attention: tf.Tensor3D[] = [];
    let last: tf.Tensor3D;
    for (let layer = 1; ; layer++) {
      const candidates = tf.tanh(this.candidate.forward(tf.concat([queries, input], 2)));
      const [update, forwards, backwards] = this.#gate(tf.mul(queries, input));
      const opening = tf.mul<tf.Tensor2D>(update, mask);
      const weights = lastingWeights(opening);
      const atEnd: tf.Tensor3D = tf.slice(weights.forwards, [0, mask.shape[1] - 1, 0], [-1, 1, -1]);
      attention.push(atEnd);
      last = tf.matMul(atEnd, candidates);
      if (layer === this.#config.layers) break;
      const reset = (gate: tf.Tensor2D): tf.Tensor3D => tf.mul(candidates, tf.expandDims(gate, 2));
      queries = tf.add(
        tf.matMul(weights.forwards, reset(forwards)),
        tf.matMul(weights.backwards, reset(backwards)),
      );
    }
    const reduced: tf.Tensor2D = tf.squeeze(last, [1]);
    return { logits: this.classes.forward(reduced), attention: tf.concat(attention, 1) };
  }

  /** The gates at each sentence, `[rows, positions]` each. */
  #gate(products: tf.Tensor3D): [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D] {
    const [rows, positions, size] = products.shape;
    const sums = tf.matMul(tf.reshape<tf.Rank.R2>(products, [-1, size]), this.gates);
    const gates = tf.sigmoid(tf.add(sums, this.gateBias));
    const each: tf.Tensor = tf.reshape(gates, [rows, positions, 3]);
    return tf.unstack(each, 2) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  }
}

/**
 * How much of the candidate s is left in the state t, `[rows, t, s]`: the gate of s, and what all sentences from s to t
 * let through (section 2.2, in logarithms).
 *
 *     forwards: z_s prod_{s < i <= t} (1 - z_i)    backwards: z_s prod_{t <= i < s} (1 - z_i)
 *
 * @param gates z, `[rows, positions]`
 */
function lastingWeights(gates: tf.Tensor2D): { forwards: tf.Tensor3D; backwards: tf.Tensor3D } {
  const kept: tf.Tensor2D = tf.log(tf.add(tf.sub(1, gates), 1e-9));
  const through: tf.Tensor2D = tf.cumsum(kept, 1);
  const before: tf.Tensor2D = tf.sub(through, kept);
  const steps = tf.range(0, gates.shape[1], 1, "int32");
  const [rows, columns] = [tf.expandDims(steps, 1), tf.expandDims(steps, 0)];
  const weigh = (logarithms: tf.Tensor, excluded: tf.Tensor): tf.Tensor3D => {
    const bias = tf.mul(tf.cast(excluded, "float32"), -1e9);
    return tf.mul(tf.exp(tf.add(logarithms, bias)), tf.expandDims(gates, 1));
  };
  const [at, from] = [2, 1] as const;
  return {
    forwards: weigh(
      tf.sub(tf.expandDims(through, at), tf.expandDims(through, from)),
      tf.greater(columns, rows),
    ),
    backwards: weigh(
      tf.sub(tf.expandDims(before, from), tf.expandDims(before, at)),
      tf.less(columns, rows),
    ),
  };
}
