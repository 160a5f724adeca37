import { Linear, normal, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type ImageMap, type Words } from "../fusion.ts";
import type { Regions, Seen } from "../seen.ts";
import { SelfAttention } from "../self-attention.ts";

/**
 * One Transformer over regions and words (VisualBERT, Li et al. 2019, section 3.2): a learned vector that stands
 * for the answer, then the regions, then the words attend to one another, and the answer's vector is the joint
 * one. The biases of both projections tell regions from words, as segment embeddings do.
 *
 * The attention has one hop for each layer: that of the answer over the regions, the mean of all heads.
 */
export class CrossModal extends Fusion<Regions> {
  readonly size: number;
  /** `[1, 1, size]` */
  readonly answer: Parameter<tf.Rank.R3>;
  readonly region: Linear;
  readonly word: Linear;
  readonly encoder: SelfAttention;

  constructor(config: ConfigOf<"cross-modal">, random: Random | undefined) {
    super(config, random);
    const { size, channels, embeddingSize } = config;
    this.size = size;
    this.answer = parameter(normal(random, 1)<tf.Rank.R3>([1, 1, size]));
    this.region = new Linear(channels, size, random);
    this.word = new Linear(embeddingSize, size, random);
    this.encoder = new SelfAttention(config, random);
  }

  protected see({ map }: ImageMap) {
    return { regions: this.region.forward(map) };
  }

  protected join(words: Words, image: Seen<Regions>, random: Random | undefined): Fused {
    const regions = image.each(image.view.regions);
    const [rows, positions] = regions.shape;
    const answers = tf.tile<tf.Tensor3D>(this.answer, [rows, 1, 1]);
    const sequence = tf.concat([answers, regions, this.word.forward(words.vectors)], 1);
    // Words last, because only the end of a row can be padding.
    const lengths = words.lengths.map((length) => 1 + positions + length);
    const { output, weights } = this.encoder.forward(sequence, lengths, random);
    const hops = weights.map((layer) => overRegions(layer, positions));
    return {
      joint: tf.squeeze(tf.slice(output, [0, 0, 0], [-1, 1, -1]), [1]),
      attention: tf.concat(hops, 1),
    };
  }
}

/** The answer's attention `[rows, heads, queries, keys]` over the regions alone, `[rows, 1, regions]`. */
function overRegions(weights: tf.Tensor4D, regions: number): tf.Tensor3D {
  const ofAnswer = tf.slice(weights, [0, 0, 0, 1], [-1, -1, 1, regions]);
  const mean = tf.mean<tf.Tensor3D>(ofAnswer, 1);
  return tf.div(mean, tf.sum(mean, 2, true));
}
