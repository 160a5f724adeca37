import { beamSearch, ctcBeamSearch, type LanguageScore } from "@attend/decoding";
import { tf } from "@attend/runtime";
import type { RecognizerModel } from "./model.ts";
import type { Heard } from "./network/listener.ts";

/** What may have been said. */
export interface Reading {
  readonly labels: readonly number[];
  /** Its log-probability, with the language model's. */
  readonly score: number;
}

/** The readings of each sequence that was heard, best first. */
export function readingsOf(model: RecognizerModel, heard: Heard): Reading[][] {
  const { config, network } = model;
  const { decoder, beamWidth } = config.search;
  const { speller } = network;
  if (decoder === "attention" && speller !== undefined) {
    const encoding = tf.tidy(() => network.encoding(heard));
    const maxLength = heard.lengths.map((steps) => steps + 1);
    try {
      const found = beamSearch(speller, encoding, network.special, { beamWidth, maxLength });
      return found.map((each) => each.map(({ tokens, score }) => ({ labels: tokens, score })));
    } finally {
      tf.dispose(encoding.mask ?? []);
    }
  }
  const language = languageOf(model);
  return network.frames(heard).map((frames) => ctcBeamSearch(frames, { beamWidth, language }));
}

function languageOf({ config, tokens }: RecognizerModel): LanguageScore | undefined {
  const { languageWeight: weight, labelBonus: bonus } = config.search;
  if (weight === 0 && bonus === 0) return undefined;
  return { next: (labels) => tokens.language.next(labels), weight, bonus };
}

/** How sure the first of some readings is: its probability among them. */
export function confidenceOf(readings: readonly Reading[], temperature: number): number {
  const best = readings[0]?.score ?? 0;
  const sum = readings.reduce(
    (total, { score }) => total + Math.exp((score - best) / temperature),
    0,
  );
  return 1 / Math.max(1, sum);
}
