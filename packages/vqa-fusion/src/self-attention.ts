import { dropout, LayerNorm, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { EncoderLayer, SinusoidalPositions } from "@attend/transformer";
import type { SelfAttentionConfig } from "./config.ts";

/** The encoder of a Transformer (Vaswani et al. 2017; pre-norm, Xiong et al. 2020), over vectors of any origin. */
export class SelfAttention extends Module {
  readonly positions = new SinusoidalPositions();
  readonly layers: readonly EncoderLayer[];
  readonly norm: LayerNorm;
  readonly #dropout: number;

  constructor(config: SelfAttentionConfig, random: Random | undefined) {
    super();
    const full = { ...config, norm: "pre", activation: "gelu", activationDropout: 0 } as const;
    this.layers = Array.from({ length: config.layers }, () => new EncoderLayer(full, random));
    this.norm = new LayerNorm(config.size);
    this.#dropout = config.dropout;
  }

  /**
   * The surrounding scope owns the result.
   *
   * @param input `[rows, positions, size]`
   * @returns `output` like `input`; `weights` of each layer, `[rows, heads, positions, positions]`
   */
  forward(input: tf.Tensor3D, lengths: readonly number[], random?: Random) {
    const { positions } = this;
    const counts = tf.tensor1d([...lengths], "int32");
    let output = dropout(positions.add(input, 0), this.#dropout, random);
    const weights = this.layers.map((layer) => {
      const forwarded = layer.forward(output, counts, { positions, random });
      output = forwarded.output;
      return forwarded.weights;
    });
    return { output: this.norm.forward(output), weights };
  }
}
