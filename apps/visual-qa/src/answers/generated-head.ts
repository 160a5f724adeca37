import { beamSearch, meanLoss, teacherForcing, tokenLosses } from "@attend/decoding";
import { type Random, tf } from "@attend/runtime";
import { Words } from "@attend/text";
import { GeneratedAnswer, type Image } from "@attend/vqa-fusion";
import type { AnswererConfig } from "../config.ts";
import { answerOf, type Target, wordsOf } from "../dataset.ts";
import type { AnswerHead, BatchTargets, Candidates } from "./answer-head.ts";

type GeneratedConfig = Extract<AnswererConfig["answers"], { kind: "generated" }>;

const { special } = Words;
/** The first token that is a word. */
const firstWord = new Words([]).size;

/** Answers word by word. */
export class GeneratedHead extends GeneratedAnswer implements AnswerHead {
  readonly #words: readonly string[];
  readonly #tokenOf: ReadonlyMap<string, number>;
  readonly #search: Pick<GeneratedConfig, "maxLength" | "beamWidth">;

  /**
   * @param size of the joint vector
   * @param channels of the image's map
   * @param words of which answers consist
   */
  constructor(
    { size, channels }: { size: number; channels: number },
    words: readonly string[],
    { kind: _, maxLength, beamWidth, ...decoder }: GeneratedConfig,
    random: Random | undefined,
  ) {
    const vocabularySize = firstWord + words.length;
    super(size, { ...decoder, vocabularySize, memorySize: channels }, random);
    this.#words = words;
    this.#tokenOf = new Map(words.map((word, index) => [word, firstWord + index]));
    this.#search = { maxLength, beamWidth };
  }

  /** The words of the most common answer. */
  targetOf(given: readonly string[]): Target | undefined {
    const words = wordsOf(answerOf({ answers: given }));
    const ids = words.flatMap((word) => this.#tokenOf.get(word) ?? []);
    const isKnown = ids.length > 0 && ids.length === words.length;
    return isKnown && ids.length <= this.#search.maxLength ? { ids, shares: [1] } : undefined;
  }

  load(targets: readonly Target[]): BatchTargets {
    const forcing = teacherForcing(
      targets.map(({ ids }) => ids),
      special,
    );
    return {
      loss: (joint, image, random) => {
        const state = this.decoder.start(this.encode(joint, image), { random });
        return meanLoss(tokenLosses(this.decoder, forcing, state, { random }).losses);
      },
      items: forcing.targets.size,
      dispose: () => void tf.dispose(forcing),
    };
  }

  /** The hypotheses of a beam search, with their log-probabilities. */
  answer(joint: tf.Tensor2D, image: Image): Candidates[] {
    const encoding = this.encode(joint, image);
    const found = beamSearch(this.decoder, encoding, special, { ...this.#search, minLength: 1 });
    tf.dispose([encoding.pooled, image.of === undefined ? [] : encoding.map]);
    return found.map((hypotheses) => {
      return {
        answers: hypotheses.map(({ tokens }) => this.#textOf(tokens)),
        logits: Float32Array.from(hypotheses, ({ logProbability }) => logProbability),
      };
    });
  }

  #textOf(tokens: readonly number[]): string {
    return tokens.map((token) => this.#words[token - firstWord]).join(" ");
  }
}
