import { dropout, Embedding } from "@attend/nn";
import { createEncoder, type Encoder } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { RecurrentConfig } from "../config.ts";
import { type Answered, type ReadOptions, StoryReader } from "../reader.ts";
import { byStory, collectSentences, type EncodedStory, pad } from "../stories.ts";
import { AttentiveReadout } from "./attentive-readout.ts";

/**
 * A hierarchical network (Li, Luong & Jurafsky 2015, sections 3.2 and 3.3; Yang et al. 2016): one LSTM reads the words of
 * each sentence, and of the question; another the sentences, in both directions; the question looks at the sentences.
 *
 *     s_i = LSTM(words of sentence i)    u = LSTM(words of the question)    y = BiLSTM(s_1, ..., s_n)
 */
export class Hierarchical extends StoryReader {
  readonly looksAt = "sentences";
  readonly words: Embedding;
  readonly sentence: Encoder;
  readonly story: Encoder;
  readonly readout: AttentiveReadout;
  readonly #dropout: number;

  constructor(config: RecurrentConfig, random: Random | undefined) {
    super(config);
    const { vocabularySize, embeddingSize, units, answers } = config;
    const network = { cell: "lstm", units } as const;
    this.words = new Embedding(vocabularySize, embeddingSize, random);
    this.sentence = createEncoder({ ...network, inputSize: embeddingSize }, random);
    this.story = createEncoder({ ...network, inputSize: units, bidirectional: "all" }, random);
    const sizes = { questionSize: units, memorySize: 2 * units, size: units, answers };
    this.readout = new AttentiveReadout({ ...sizes, dropout: config.dropout }, random);
    this.#dropout = config.dropout;
  }

  protected answer(stories: readonly EncodedStory[], { random }: ReadOptions): Answered {
    const { sentences, indices, counts } = collectSentences(stories.map(({ story }) => story));
    const { ids, lengths } = pad([...stories.map(({ question }) => question), ...sentences]);
    const vectors = dropout(this.words.forward(ids) as tf.Tensor3D, this.#dropout, random);
    const { summary } = this.sentence.forward(vectors, { lengths });
    const rows = stories.length;
    const [asked, told] = tf.split(summary, [rows, sentences.length]) as [tf.Tensor2D, tf.Tensor2D];
    const read = counts.map((count) => Math.max(1, count));
    const { output } = this.story.forward(byStory(told, indices), {
      lengths: read,
    });
    return this.readout.forward(asked, output, read, random);
  }
}
