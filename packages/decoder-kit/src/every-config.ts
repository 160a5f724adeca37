import {
  type Decoder,
  type DecoderState,
  decodeEach,
  meanLoss,
  teacherForcing,
  tokenLosses,
} from "@attend/decoding";
import type { Module } from "@attend/nn";
import { createRandom, type Random, tf } from "@attend/runtime";
import { expectTrainingStep } from "@attend/test-kit";
import { expect } from "vitest";
import { special } from "./models.ts";

/**
 * Expects a model to train a step and to decode, for sources and targets among which some have one position. The
 * model is disposed.
 *
 * @param encode encodes random sources of the given lengths
 */
export function expectTrainsAndDecodes<Encoding, State extends DecoderState>(
  model: Module & Decoder<Encoding, State>,
  encode: (lengths: readonly number[], options?: { random?: Random }) => Encoding,
): void {
  for (const lengths of [[3, 1], [1]]) {
    tf.tidy(() => {
      const target = teacherForcing(
        lengths.map((length) => [4, 5, 6].slice(0, length)),
        special,
      );
      const loss = () => {
        const options = { random: createRandom(1) };
        const state = model.start(encode(lengths, options), options);
        return meanLoss(tokenLosses(model, target, state, options).losses);
      };
      expectTrainingStep(loss, model.namedParameters());
      const decoded = decodeEach(model, encode(lengths), special, { maxLength: 2 });
      expect(decoded.map(({ logProbability }) => Number.isFinite(logProbability))).toEqual(
        lengths.map(() => true),
      );
    });
  }
  model.dispose();
}
