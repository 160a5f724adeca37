import { join } from "node:path";
import {
  type Conversation,
  findData,
  readConversations,
  splitConversations,
} from "@attend/datasets";
import type { Turn } from "@attend/dialogue";
import { createRandom } from "@attend/runtime";
import { framingTokens, learnBpe, type SpecialTokens, type Tokenizer } from "@attend/text";

/** Conversations to train and to measure on, as text and as tokens of one vocabulary. */
export interface DialogueData {
  readonly tokenizer: Tokenizer;
  readonly special: SpecialTokens;
  readonly train: readonly (readonly Turn[])[];
  /** Of them, the texts of the held-out tenth. */
  readonly sets: readonly DialogueSet[];
}

/** Conversations that nothing was trained on. */
interface DialogueSet {
  readonly name: string;
  readonly texts: readonly Conversation[];
  readonly tokens: readonly (readonly Turn[])[];
}

/**
 * Reads a share of the self-dialogue corpus, of which a seeded tenth of the conversations is held out, and the same share
 * of the exchanges of the schema-guided dialogues (SGD), which have a dev part.
 *
 * @param options.sgd whether to train and measure on SGD as well
 * @throws AttendError DATA_MISSING
 */
export async function readDialogues(options: {
  readonly share: number;
  readonly devShare: number;
  readonly vocabularySize: number;
  readonly sgd: boolean;
}): Promise<DialogueData> {
  const { share, devShare, vocabularySize, sgd } = options;
  const read = async (name: string) => {
    const file = join(findData("dialog", [name]), name);
    return (await readConversations(file)).conversations;
  };
  const self = splitConversations(await read("self-dialogue.tsv.gz"), { heldOut: 0.1, seed: 1 });
  const texts = [...partOf(self.train, share)];
  const dev = [{ name: "self-dialogue", texts: partOf(self.heldOut, devShare) }];
  if (sgd) {
    texts.push(...partOf(await read("sgd_train.tsv.gz"), share));
    dev.push({ name: "SGD", texts: partOf(await read("sgd_dev.tsv.gz"), devShare) });
  }
  const settings = { size: vocabularySize, fit: true, special: framingTokens } as const;
  const tokenizer = learnBpe(texts.flat(), settings);
  const { special } = tokenizer;
  if (special === undefined) throw new TypeError("the vocabulary has no framing tokens");
  const encode = (all: readonly Conversation[]) =>
    all.map((turns) => turns.map((turn) => tokenizer.encode(turn)));
  return {
    ...{ tokenizer, special },
    train: encode(texts),
    sets: dev.map((set) => ({ ...set, tokens: encode(set.texts) })),
  };
}

/** A seeded share of the conversations. */
function partOf(conversations: readonly Conversation[], share: number): Conversation[] {
  const shuffled = createRandom(2).shuffle([...conversations]);
  return shuffled.slice(0, Math.ceil(share * conversations.length));
}
