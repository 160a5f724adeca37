import { dropout, Embedding, Linear } from "@attend/nn";
import { createEncoder, type Encoder } from "@attend/recurrent";
import type { Random, tf } from "@attend/runtime";
import type { RecurrentConfig } from "../config.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import { type EncodedStory, pad } from "../stories.ts";

/**
 * The baseline of bAbI (Weston et al. 2015, section 5): an LSTM reads the story and then the question, word by word, and
 * its last hidden state is classified.
 *
 *     h_t = LSTM(E w_t, h_{t-1})    logits = W h_T + b
 */
export class LstmReader extends StoryReader {
  readonly looksAt = "nothing";
  readonly words: Embedding;
  readonly network: Encoder;
  readonly classes: Linear;
  readonly #dropout: number;

  constructor(config: RecurrentConfig, random: Random | undefined) {
    super(config);
    const { vocabularySize, embeddingSize, units, answers } = config;
    this.words = new Embedding(vocabularySize, embeddingSize, random);
    this.network = createEncoder({ cell: "lstm", inputSize: embeddingSize, units }, random);
    this.classes = new Linear(units, answers, random);
    this.#dropout = config.dropout;
  }

  protected answer(stories: readonly EncodedStory[], { random }: ReadOptions): Answered {
    const { ids, lengths } = pad(
      stories.map(({ story, question }) => [...story.flat(), ...question]),
    );
    const vectors = dropout(this.words.forward(ids) as tf.Tensor3D, this.#dropout, random);
    const { summary } = this.network.forward(vectors, { lengths });
    return { logits: this.classes.forward(dropout(summary, this.#dropout, random)) };
  }
}
