import { rowOf, special } from "@attend/decoder-kit";
import { beamSearch, decodeEach, forward } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import type { Seq2seq } from "../src/index.ts";
import { makeModel, makeSource, variants } from "./support/models.ts";

useEngine();

/** What one pass over the finished sequence says of it: suppressed tokens get no probability. */
function teacherForced(
  model: Seq2seq,
  source: ReturnType<typeof makeSource>,
  tokens: readonly number[],
  ended: boolean,
) {
  return tf.tidy(() => {
    const targets = [...tokens, ...(ended ? [special.end] : [])];
    const inputs = tf.tensor2d([[1, ...tokens].slice(0, targets.length)], undefined, "int32");
    const { logits, attention } = forward(model, inputs, model.start(model.encode(source)));
    const bias = tf.tensor1d([-1e9, -1e9, 0, -1e9, 0, 0, 0, 0, 0, 0, 0]);
    const [logs = []] = tf.logSoftmax(tf.add<tf.Tensor3D>(logits, bias)).arraySync();
    const logProbability = targets.reduce((sum, id, t) => sum + (logs[t]?.[id] ?? Number.NaN), 0);
    return { logProbability, attention: attention?.arraySync()[0] ?? [] };
  });
}

describe.each(Object.entries(variants))("%s", (_name, config) => {
  test("decoding a batch equals decoding each source, and agrees with teacher forcing", () => {
    const [model, source] = [makeModel(config), makeSource(4)];
    const options = { beamWidth: 3, maxLength: 6, lengthPenalty: 0.7, attention: true };
    const found = beamSearch(model, model.encode(source), special, options);
    expect(found).toHaveLength(4);
    found.forEach((hypotheses, row) => {
      const ofRow = rowOf(source, row);
      const [length = 0] = ofRow.lengths;
      const [single = []] = beamSearch(model, model.encode(ofRow), special, options);
      expect(hypotheses.map(({ tokens }) => tokens)).toEqual(single.map(({ tokens }) => tokens));
      for (const { tokens, ended, logProbability, attention = [] } of hypotheses) {
        const forced = teacherForced(model, ofRow, tokens, ended);
        expect(logProbability).toBeCloseTo(forced.logProbability, 3);
        attention.forEach((weights, step) => {
          expectClose(weights.slice(0, length), forced.attention[step] ?? [], 1e-4);
        });
      }
    });
  });
});

test("the searches leak no tensors", async () => {
  for (const name of ["bahdanau", "luong", "gnmt-small", "cho", "monotonic"]) {
    const [model, source] = [makeModel(variants[name] ?? {}), makeSource(2)];
    const run = () => {
      const encoding = model.encode(source);
      beamSearch(model, encoding, special, { beamWidth: 3, maxLength: 5, attention: true });
      decodeEach(model, encoding, special, { maxLength: 4, copies: 2, attention: true });
      tf.dispose({ ...encoding });
    };
    run(); // the kernels' constants
    await expectNoLeak(run);
  }
});
