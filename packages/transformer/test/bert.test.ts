import { assignWeights, type StoredTensor } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  loadGolden,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { type Bert, bertWeights, createBert, parseBertConfig } from "../src/index.ts";

/** By Hugging Face's `BertModel`. */
const golden = loadGolden<{
  config: Record<string, unknown>;
  weights: Record<string, { shape: number[]; values: number[] }>;
  tokens: number[][];
  lengths: number[];
  /** Of the tokens of each text, without padding. */
  hidden: number[][][];
}>(new URL("./golden/bert.golden.json", import.meta.url));

useEngine();

const config = parseBertConfig(golden.config);
const source = () => ({
  tokens: tf.tensor2d(golden.tokens, undefined, "int32"),
  lengths: golden.lengths,
});

function storedWeights(): Map<string, StoredTensor> {
  return new Map(
    Object.entries(golden.weights).map(([name, { shape, values }]) => [
      name,
      { shape, data: Float32Array.from(values) },
    ]),
  );
}

function load(): Bert {
  const bert = createBert(config);
  assignWeights(bert, bertWeights(storedWeights(), config, "golden"), "golden");
  return bert;
}

/** The vectors of a text's tokens. */
function rowOf(hidden: tf.Tensor3D, row: number): tf.Tensor {
  return tf.squeeze(tf.slice(hidden, [row, 0, 0], [1, golden.lengths[row] ?? 0, -1]), [0]);
}

describe("BERT", () => {
  test("equals Hugging Face's, also beside padding", () => {
    const bert = load();
    const hidden = bert.encode(source());
    expect(hidden.shape).toEqual([2, 5, 8]);
    for (const [row, expected] of golden.hidden.entries()) {
      expectClose(rowOf(hidden, row), expected, 1e-4);
    }
    bert.dispose();
  });

  test("every parameter gets a correct gradient", () => {
    const bert = load();
    const batch = source();
    const weights = tf.randomNormal([3, 8], 0, 1, "float32", 2);
    const loss = () => tf.sum(tf.mul(rowOf(bert.encode(batch), 1), weights));
    checkVariableGradients(loss, bert.namedParameters());
    bert.dispose();
  });

  test("packed, it gives the same vectors", async () => {
    const sizes = { vocabularySize: 12, size: 32, heads: 4, feedForwardSize: 64, layers: 2 };
    const bert = createBert(sizes, createRandom(3));
    const expected = bert.encode(source());
    await expectNoLeak(() => bert.pack());
    bert.pack();
    expectClose(bert.encode(source()), expected.arraySync(), 1e-5);
    bert.dispose();
  });

  test("dropout is reproducible, and no tensors leak", async () => {
    const bert = load();
    const batch = source();
    const run = (seed: number) => bert.encode(batch, { random: createRandom(seed) });
    expectClose(run(1), run(1), 0);
    expect(() => expectClose(run(1), run(2))).toThrow("not close");
    await expectNoLeak(() => bert.encode(batch).dispose());
    bert.dispose();
  });

  test("errors: a text that is too long, a missing tensor, another model's config", () => {
    const bert = load();
    const tokens = tf.zeros<tf.Rank.R2>([1, 7], "int32");
    expect(() => bert.encode({ tokens, lengths: [7] })).toThrow("learned 6 positions");
    bert.dispose();
    const incomplete = storedWeights();
    incomplete.delete("encoder.layer.1.output.dense.bias");
    expect(() => bertWeights(incomplete, config, "model.safetensors")).toThrow(
      "model.safetensors has no tensor encoder.layer.1.output.dense.bias",
    );
    const other = { ...golden.config, model_type: "roberta", hidden_act: "relu" };
    expect(() => parseBertConfig(other, "config.json")).toThrow(/model_type.*hidden_act/s);
  });
});
