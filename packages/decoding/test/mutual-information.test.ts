import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { beamSearch, decodeEach, MutualInformation } from "../src/index.ts";
import { Listener } from "./support/listener.ts";
import { special } from "./support/table-decoder.ts";

useEngine();

const encoding = {
  given: [
    [4, 6, 5],
    [7, 4],
  ],
  nothing: [[6]],
};
const inputs = () =>
  tf.tensor2d(
    [
      [1, 4, 5, 6],
      [1, 7, 7, 4],
    ],
    undefined,
    "int32",
  );

/** The log-probabilities of a listener, `[rows, steps, vocabulary]`. */
function logProbabilities(listener: Listener, sources: number[][]): tf.Tensor3D {
  let state = listener.start(sources);
  const steps = tf.unstack(inputs(), 1).map((column) => {
    const stepped = listener.step(column as tf.Tensor1D, state);
    state = stepped.state;
    return tf.logSoftmax(stepped.logits);
  });
  return tf.stack(steps, 1) as tf.Tensor3D;
}

/** Steps of the decoder, stacked. */
function scoresOf(
  decoder: MutualInformation<number[][], ReturnType<Listener["start"]>>,
): tf.Tensor3D {
  let state = decoder.start(encoding);
  const steps = tf.unstack(inputs(), 1).map((column) => {
    const stepped = decoder.step(column as tf.Tensor1D, state);
    state = stepped.state;
    return stepped.logits;
  });
  return tf.stack(steps, 1) as tf.Tensor3D;
}

describe("mutual information", () => {
  test("is the log-probability less that without a source, for the first tokens", () => {
    const listener = new Listener(1);
    const options = { weight: 0.7, tokens: 2, plausibility: 0 };
    const scores = scoresOf(new MutualInformation(listener, options));
    const given = logProbabilities(listener, encoding.given);
    const nothing = logProbabilities(listener, [...encoding.nothing, ...encoding.nothing]);
    const contrast = tf.sub(given, tf.mul(0.7, nothing));
    const first = (all: tf.Tensor) => tf.slice(all, [0, 0, 0], [-1, 2, -1]);
    const rest = (all: tf.Tensor) => tf.logSoftmax(tf.slice(all, [0, 2, 0], [-1, 2, -1]));
    expectClose(first(scores), first(contrast), 1e-4);
    expectClose(rest(scores), rest(given), 1e-4);
    listener.dispose();
  });

  test("never prefers a token that the source makes implausible", () => {
    const listener = new Listener(2);
    const options = { weight: 5, tokens: 9, plausibility: 0.5 };
    const scores = scoresOf(new MutualInformation(listener, options));
    const given = logProbabilities(listener, encoding.given);
    const least = tf.add(tf.max(given, -1, true), Math.log(0.5));
    expectClose(tf.greater(scores, -1e8), tf.greaterEqual(given, least));
    listener.dispose();
  });

  test("without a weight the decoder is as it was, also after rows are reordered", () => {
    const listener = new Listener(3);
    const plain = new MutualInformation(listener, { weight: 0, plausibility: 0 });
    const options = { maxLength: 8, beamWidth: 3 };
    const tokensOf = (all: { tokens: readonly number[] }[][]) =>
      all.map((row) => row.map(({ tokens }) => tokens));
    expect(tokensOf(beamSearch(plain, encoding, special, options))).toEqual(
      tokensOf(beamSearch(listener, encoding.given, special, options)),
    );
    listener.dispose();
  });

  test("leaks no tensor", async () => {
    const listener = new Listener(1);
    const decoder = new MutualInformation(listener);
    const run = () => {
      decodeEach(decoder, encoding, special, { maxLength: 5 });
      beamSearch(decoder, encoding, special, { maxLength: 5, beamWidth: 2 });
    };
    run();
    await expectNoLeak(run);
    listener.dispose();
  });

  test.each([
    [{ weight: -1 }, "weight is -1; it must be a non-negative number"],
    [{ tokens: 1.5 }, "tokens is 1.5; it must be a non-negative integer"],
    [{ plausibility: Number.NaN }, "plausibility is NaN; it must be a non-negative number"],
  ])("rejects %j", (options, message) => {
    const listener = new Listener(1);
    expect(() => new MutualInformation(listener, options)).toThrow(message);
    listener.dispose();
  });
});
