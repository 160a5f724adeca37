import type { LoadOptions } from "@attend/model-folder";
import { tf, yieldTurn } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import type { EncodedStory } from "@attend/story-readers";
import { tokenize } from "@attend/text";
import type { Reply, ReplyOptions, Responder, Turn } from "../responder.ts";
import { storyModels } from "./model.ts";
import { bestAnswer } from "./probabilities.ts";
import { attendedFacts, mostAttended, reasonOf } from "./reason.ts";
import { readTold } from "./told.ts";

/** Loads a bot that answers from stories; see `loadChatbot` for its errors. */
export async function loadStories(folder: string, options: LoadOptions): Promise<StoryResponder> {
  return new StoryResponder(await storyModels.load(folder, options));
}

type StoryModel = Awaited<ReturnType<typeof storyModels.load>>;

/** Remembers what it is told as the story, and answers questions from it. */
class StoryResponder implements Responder {
  readonly kind = "stories";
  readonly #model: StoryModel;

  constructor(model: StoryModel) {
    this.#model = model;
  }

  async *respond(
    said: string,
    turns: readonly Turn[],
    options: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const { facts, questions } = readTold(said);
    const story = [...turns.flatMap((turn) => readTold(turn.question).facts), ...facts];
    const [question, another] = questions;
    if (another !== undefined) {
      const message = `there are ${questions.length} questions on one line; ask one at a time`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    if (question === undefined) {
      yield this.#acknowledge(facts, story.length);
      const why = story.map((fact, i) => `${i + 1} ${fact}`).join("\n");
      const known = { answer: "", confidence: 1, confident: true, source: null };
      return { question: said, ...known, isFact: true, why };
    }
    const reply = await this.answer(story, question, options);
    if (!reply.confident) {
      const unknown = this.#unknownIn([question, reply.source?.text ?? ""]);
      yield unknown.length > 0 ? `I never learned ${unknown.join(" and ")}; ` : "I am not sure; ";
      yield "my best guess is ";
    }
    yield* reply.answer.split(/(?<=[\s,])/);
    return { ...reply, question: said };
  }

  /**
   * Answers a question from facts.
   *
   * @throws AttendError BAD_ARGUMENT if there are no facts, or no word of the question was learned; INTERRUPTED
   */
  async answer(
    story: readonly string[],
    question: string,
    { signal }: ReplyOptions = {},
  ): Promise<Reply> {
    await yieldTurn(signal);
    if (story.length === 0) {
      const message = `nothing was told before the question; tell facts first, sentences without a question mark`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const { config, network, tokens } = this.#model;
    const told = story
      .map((text, i) => ({ text, number: i + 1, ids: this.#encode(text) }))
      .filter(({ ids }) => ids.length > 0)
      .slice(-network.maxSentences);
    const asked = { story: told.map(({ ids }) => ids), question: this.#encode(question) };
    if (asked.question.length === 0) {
      const message = `the bot was taught none of the words of "${question}"; ask about what its stories are about`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const { logits, weights } = this.#read(asked);
    const { answer: index, probability: confidence } = bestAnswer(logits, config.temperature);
    const answer = tokens.answers[index] ?? "";
    const facts = attendedFacts(
      weights.length === 0
        ? []
        : told.map((fact, i) => ({ ...fact, weights: weights.map((hop) => hop[i] ?? 0) })),
    );
    const source = mostAttended(facts);
    const rests = source === undefined ? told : [source];
    const isKnown = this.#unknownIn([question, ...rests.map(({ text }) => text)]).length === 0;
    return {
      ...{ question, answer, confidence },
      confident: isKnown && told.length > 0 && confidence >= config.threshold,
      source: source === undefined ? null : { text: source.text },
      why: reasonOf(answer, confidence, facts),
    };
  }

  close(): void {
    this.#model.network.dispose();
  }

  #acknowledge(facts: readonly string[], count: number): string {
    const { maxSentences } = this.#model.network;
    const unknown = this.#unknownIn(facts);
    const notes = [
      ...(unknown.length > 0 ? [`I never learned ${unknown.join(" and ")}`] : []),
      ...(count > maxSentences ? [`only the latest ${maxSentences} facts are read`] : []),
    ];
    return notes.length === 0 ? "noted" : `noted, but ${notes.join(", and ")}`;
  }

  /** The logits of an answer, and each hop's weight of each fact; none if the reader has no attention. */
  #read(asked: EncodedStory): { logits: Float32Array; weights: number[][] } {
    const { network } = this.#model;
    return tf.tidy(() => {
      const { logits, attention } = network.read([asked]);
      const values = logits.dataSync<"float32">();
      if (attention === undefined || asked.story.length === 0)
        return { logits: values, weights: [] };
      const hops = tf.squeeze<tf.Tensor2D>(attention, [0]).arraySync();
      const isOfWords = network.looksAt === "words";
      return {
        logits: values,
        weights: hops.map((hop) => (isOfWords ? perFact(hop, asked) : hop)),
      };
    });
  }

  /** Words that were never learned are left out. */
  #encode(text: string): number[] {
    const { words } = this.#model.tokens;
    return words.encode(text).filter((id) => id !== words.special?.unknown);
  }

  #unknownIn(texts: readonly string[]): string[] {
    const { words } = this.#model.tokens;
    const all = new Set(texts.flatMap(tokenize));
    return [...all].filter((word) => !words.knows(word)).map((word) => `"${word}"`);
  }
}

/** Sums weights of words, the first one's first, by the facts that they are in. */
function perFact(weights: readonly number[], { story }: EncodedStory): number[] {
  let from = 0;
  return story.map(({ length }) => {
    const ofFact = weights.slice(from, from + length);
    from += length;
    return ofFact.reduce((sum, weight) => sum + weight, 0);
  });
}
