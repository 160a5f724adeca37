import { dropout, Embedding } from "@attend/nn";
import { createEncoder, type Encoder } from "@attend/recurrent";
import type { Random, tf } from "@attend/runtime";
import type { RecurrentConfig } from "../config.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import { type EncodedStory, pad, type Sentence } from "../stories.ts";
import { AttentiveReadout } from "./attentive-readout.ts";

/**
 * The attentive reader (Hermann et al. 2015, section 3.2): LSTMs read story and question in both directions, and the
 * question looks at the words of the story.
 *
 *     y_t = [h_t forwards, h_t backwards] of the story    u = [h_T forwards, h_1 backwards] of the question
 */
export class AttentionLstm extends StoryReader {
  readonly looksAt = "words";
  readonly words: Embedding;
  readonly story: Encoder;
  readonly question: Encoder;
  readonly readout: AttentiveReadout;
  readonly #dropout: number;

  constructor(config: RecurrentConfig, random: Random | undefined) {
    super(config);
    const { vocabularySize, embeddingSize, units, answers } = config;
    const network = {
      cell: "lstm",
      inputSize: embeddingSize,
      units,
      bidirectional: "all",
    } as const;
    this.words = new Embedding(vocabularySize, embeddingSize, random);
    this.story = createEncoder(network, random);
    this.question = createEncoder(network, random);
    const both = { questionSize: 2 * units, memorySize: 2 * units };
    const sizes = { ...both, size: units, answers, dropout: config.dropout };
    this.readout = new AttentiveReadout(sizes, random);
    this.#dropout = config.dropout;
  }

  protected answer(stories: readonly EncodedStory[], { random }: ReadOptions): Answered {
    const encode = (network: Encoder, sequences: readonly Sentence[]) => {
      const { ids, lengths } = pad(sequences);
      const vectors = dropout(this.words.forward(ids) as tf.Tensor3D, this.#dropout, random);
      return { ...network.forward(vectors, { lengths }), lengths };
    };
    const asked = encode(
      this.question,
      stories.map(({ question }) => question),
    );
    const told = encode(
      this.story,
      stories.map(({ story }) => story.flat()),
    );
    return this.readout.forward(asked.summary, told.output, told.lengths, random);
  }
}
