import type { LoadOptions } from "@attend/model-folder";
import { FaqMatcher, type FoundPart } from "@attend/retrieval";
import { AttendError } from "@attend/runtime/errors";
import { loadSentenceVectors, type SentenceVectors } from "@attend/sentence-vectors";
import type { Reply, ReplyOptions, Responder, Turn } from "../responder.ts";
import { FileWatch } from "./file-watch.ts";
import { allPairs, faqModels, type Taught, taughtFile } from "./model.ts";
import { joinReplies, saidOf, whyOf } from "./replies.ts";

/** The turns before that a question may be understood from. */
const maxTurns = 3;
/** The matches that `/why` shows. */
const nBest = 3;

/** Loads a FAQ bot; see `loadChatbot` for its errors. */
export async function loadFaq(folder: string, options: LoadOptions): Promise<FaqResponder> {
  const model = await faqModels.load(folder, options);
  try {
    const { matcher: config } = model.config;
    const vectors = await loadSentenceVectors(config.encoder, options);
    const pairs = allPairs(model.tokens);
    const matcher = new FaqMatcher({ config, pairs, network: model.network }, vectors);
    return new FaqResponder(matcher, vectors, model.tokens, folder);
  } catch (thrown) {
    model.network.dispose();
    throw thrown;
  }
}

/** Answers from questions and answers, word for word. */
class FaqResponder implements Responder {
  readonly kind = "faq";
  readonly matcher: FaqMatcher;
  readonly taught: Taught;
  readonly #vectors: SentenceVectors;
  readonly #folder: string;
  readonly #watch: FileWatch;

  constructor(matcher: FaqMatcher, vectors: SentenceVectors, taught: Taught, folder: string) {
    this.matcher = matcher;
    this.#vectors = vectors;
    this.taught = taught;
    this.#folder = folder;
    this.#watch = new FileWatch(taught, folder);
  }

  async *respond(
    question: string,
    turns: readonly Turn[],
    { signal }: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const context = turns.slice(-maxTurns).map((turn) => turn.question);
    const found = await this.matcher.findAll(question, { nBest, context, signal });
    const parts = found.map((part) => this.#replyTo(part));
    const reply = joinReplies(question, parts);
    yield saidOf(parts);
    return reply;
  }

  get advice(): string | undefined {
    return this.#vectors.advice;
  }

  changed(): Promise<string | undefined> {
    return this.#watch.changed();
  }

  close(): void {
    this.matcher.dispose();
    this.#vectors.dispose();
  }

  #replyTo({ part, found }: FoundPart): Reply {
    const [best, ...others] = found.matches;
    const pair = best && this.taught.pairs[best.pair];
    if (best === undefined || pair === undefined) {
      throw new AttendError(
        "NOT_FINITE",
        "the model finds nothing because its weights are not finite; train it again",
      );
    }
    // A wording that is not in the file is cited by one that is.
    const at = Math.max(pair.questions.indexOf(best.question), 0);
    const [text = "", line = 1] = [pair.questions[at], pair.lines[at]];
    const source = { text, file: taughtFile(this.taught, this.#folder), line };
    const { confidence, confident } = found;
    return {
      ...{ question: part, answer: pair.answer, confidence, confident, source },
      why: whyOf({ source, confidence, others }),
    };
  }
}
