import { yieldTurn } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { splitSentences } from "@attend/text";
import { type Change, Draft, type Edit } from "./draft.ts";
import { figureEditsOf } from "./numbers/write-figures.ts";
import { wordsInstead } from "./spelling/alternatives.ts";
import type { Speller } from "./spelling/speller.ts";
import { completeSentences, type StreamedSentence, type StreamOptions } from "./stream.ts";
import type { TaggerModel } from "./tagger/model.ts";
import { restore } from "./tagger/restore.ts";
import { type Word, wordsOf } from "./words/words.ts";

/** Which parts of a text are repaired; each is, unless it is false. */
export interface RepairStages {
  readonly spelling?: boolean | undefined;
  readonly numbers?: boolean | undefined;
  readonly punctuation?: boolean | undefined;
  readonly casing?: boolean | undefined;
}

/** Options of {@link Repairer.repair}. */
export interface RepairOptions extends RepairStages {
  readonly signal?: AbortSignal | undefined;
}

/** What a recognizer may have heard; the larger the score, the more probable. */
export interface Heard {
  readonly text: string;
  readonly score: number;
}

/** A repaired text. */
export interface Repaired {
  readonly text: string;
  readonly sentences: readonly string[];
  /** What differs from the text as it was, in order. */
  readonly changes: readonly Change[];
}

/** What a {@link Repairer} consists of. */
export interface RepairerParts {
  readonly language: string;
  /** Disposed with the repairer; without it, only sentences' first letters are restored. */
  readonly tagger: TaggerModel | undefined;
  /** Without it, spelling is left as it is. */
  readonly speller: Speller | undefined;
}

/**
 * Repairs texts, such as what a recognizer heard: spelling, numbers in figures, punctuation and capitals. What is right
 * already is left as it is.
 */
export class Repairer {
  readonly language: string;
  readonly #tagger: TaggerModel | undefined;
  readonly #speller: Speller | undefined;
  #disposed = false;

  constructor({ language, tagger, speller }: RepairerParts) {
    this.language = language;
    this.#tagger = tagger;
    this.#speller = speller;
  }

  /**
   * Repairs a text of any length.
   *
   * @param heard the text, or what a recognizer may have heard, of which the most probable is repaired, with words of the
   *   others for those that it does not know
   * @throws AttendError INTERRUPTED if `signal` is aborted; BAD_ARGUMENT after `dispose`
   */
  async repair(
    heard: string | readonly Heard[],
    { signal, ...stages }: RepairOptions = {},
  ): Promise<Repaired> {
    const draft = await this.#draft(heard, { signal, ...stages });
    const sentences = splitSentences(draft.text, this.language).map(({ text }) => text);
    return { text: draft.text, sentences, changes: draft.changes };
  }

  /**
   * Repairs a text that comes piece by piece, such as a talk, and yields each sentence as soon as it is complete.
   *
   * @throws AttendError as {@link repair}
   */
  repairStream(
    pieces: AsyncIterable<string>,
    options: RepairOptions & StreamOptions = {},
  ): AsyncGenerator<StreamedSentence> {
    return completeSentences(pieces, (text) => this.#draft(text, options), {
      ...options,
      language: this.language,
    });
  }

  /** The same as {@link repair}, as a draft. */
  async #draft(
    heard: string | readonly Heard[],
    { signal, spelling = true, numbers = true, punctuation = true, casing = true }: RepairOptions,
  ): Promise<Draft> {
    if (this.#disposed) {
      throw new AttendError("BAD_ARGUMENT", "this repairer is disposed; load another one");
    }
    const [best = "", ...others] =
      typeof heard === "string"
        ? [heard]
        : [...heard].sort((a, b) => b.score - a.score).map(({ text }) => text);
    const draft = new Draft(best);
    await yieldTurn(signal);
    if (spelling && this.#speller !== undefined) {
      draft.apply(await this.#spellingEdits(this.#speller, best, { others, signal }));
    }
    if (numbers) draft.apply(figureEditsOf(draft.text, this.language));
    if (punctuation || casing) {
      const options = { language: this.language, punctuation, casing, signal };
      draft.apply(await restore(draft.text, this.#tagger, options));
    }
    return draft;
  }

  /** Frees the network; it cannot repair anymore. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tagger?.network.dispose();
  }

  async #spellingEdits(
    speller: Speller,
    text: string,
    { others, signal }: { others: readonly string[]; signal: AbortSignal | undefined },
  ): Promise<Edit[]> {
    const sentences = this.#sentencesOf(text);
    const wordsIn = (words: readonly Word[]) => words.map((word) => word.text);
    const hypotheses = others.map((other) => this.#sentencesOf(other).flatMap(wordsIn));
    const instead = wordsInstead(sentences.flatMap(wordsIn), hypotheses);
    const edits: Edit[] = [];
    let at = 0;
    for (const words of sentences) {
      await yieldTurn(signal);
      const from = at;
      edits.push(...speller.correct(words, (i) => instead.get(from + i) ?? []));
      at += words.length;
    }
    return edits;
  }

  #sentencesOf(text: string): Word[][] {
    return splitSentences(text, this.language).map(wordsOf);
  }
}
