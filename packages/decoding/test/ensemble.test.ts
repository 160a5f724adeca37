import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, it } from "vitest";
import {
  beamSearch,
  type EncoderDecoder,
  EncoderDecoderEnsemble,
  forward,
  sealed,
} from "../src/index.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

type Rows = { readonly rows: number };

/** A table that reads sources, of which only the number matters. */
class Table implements EncoderDecoder<Rows, Rows> {
  readonly #decoder: TableDecoder;
  readonly vocabularySize: number;

  constructor(table: tf.Tensor2D) {
    this.#decoder = new TableDecoder(table);
    this.vocabularySize = table.shape[0];
  }

  encode({ tokens }: { readonly tokens: tf.Tensor2D }): Rows {
    return { rows: tokens.shape[0] };
  }
  start({ rows }: Rows): Rows {
    return this.#decoder.start(rows);
  }
  step(tokens: tf.Tensor1D, state: Rows) {
    return this.#decoder.step(tokens, state);
  }
  features(tokens: tf.Tensor2D) {
    return this.#decoder.features(tokens);
  }
  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.#decoder.project(features);
  }
  reorder(state: Rows, rows: tf.Tensor1D): Rows {
    return this.#decoder.reorder(state, rows);
  }
}

const size = 7;
const randomTable = (seed: number): tf.Tensor2D => {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: size * size }, () => 2 * random.normal());
  return tf.tensor2d(values, [size, size]);
};
const makeSource = () => ({
  tokens: tf.tensor2d([4, 5, 6, 4], [2, 2], "int32"),
  lengths: [2, 2],
});
const options = { beamWidth: 3, maxLength: 5, minLength: 2 };
const wordsOf = (found: ReturnType<typeof beamSearch>) =>
  found.map((row) => row.map(({ tokens, score }) => ({ tokens, score: score.toFixed(4) })));

describe("an ensemble", () => {
  it("decides by the mean of its members' log-probabilities", () => {
    const [one, two] = [randomTable(1), randomTable(2)];
    const together = new EncoderDecoderEnsemble([new Table(one), new Table(two)]);
    const mean = tf.div<tf.Tensor2D>(tf.add(tf.logSoftmax(one), tf.logSoftmax(two)), 2);
    const source = makeSource();
    const found = beamSearch(together, together.encode(source), special, options);
    const alone = new Table(mean);
    const expected = beamSearch(alone, alone.encode(source), special, options);
    expect(wordsOf(found)).toEqual(wordsOf(expected));
  });

  it("of one model is that model", () => {
    const model = new Table(randomTable(3));
    const together = new EncoderDecoderEnsemble([model]);
    const source = makeSource();
    const found = beamSearch(together, together.encode(source), special, options);
    expect(wordsOf(found)).toEqual(
      wordsOf(beamSearch(model, model.encode(source), special, options)),
    );
  });

  it("gives in one pass over all tokens what its steps give", () => {
    const together = new EncoderDecoderEnsemble([
      new Table(randomTable(4)),
      new Table(randomTable(5)),
    ]);
    const tokens = tf.tensor2d([1, 4, 5, 1, 6, 6], [2, 3], "int32");
    let state = together.start(together.encode(makeSource()));
    const { logits } = forward(together, tokens, state);
    for (let step = 0; step < 3; step++) {
      const column: tf.Tensor1D = tf.reshape(tf.slice(tokens, [0, step], [2, 1]), [-1]);
      const stepped = together.step(column, state);
      state = stepped.state;
      expectClose(stepped.logits, tf.squeeze(tf.slice(logits, [0, step, 0], [2, 1, size]), [1]));
    }
  });

  it("leaves no tensors behind", async () => {
    const source = makeSource();
    const together = new EncoderDecoderEnsemble([
      new Table(randomTable(6)),
      new Table(randomTable(7)),
    ]);
    await expectNoLeak(() => {
      beamSearch(together, together.encode(source), special, options);
    });
  });

  it("needs members with one vocabulary", () => {
    expect(() => new EncoderDecoderEnsemble([])).toThrow("but theirs have no tokens");
    const other = new Table(tf.zeros<tf.Rank.R2>([5, 5]));
    expect(() => new EncoderDecoderEnsemble([new Table(randomTable(8)), other])).toThrow(
      "but theirs have 7, 5 tokens",
    );
  });
});

describe("a sealed model", () => {
  it("finds what the model finds", () => {
    const model = new Table(randomTable(9));
    const hidden = sealed(model);
    const source = makeSource();
    expect(wordsOf(beamSearch(hidden, hidden.encode(source), special, options))).toEqual(
      wordsOf(beamSearch(model, model.encode(source), special, options)),
    );
  });

  it("refuses what another model gave", () => {
    const [one, two] = [sealed(new Table(randomTable(1))), sealed(new Table(randomTable(2)))];
    const encoding = one.encode(makeSource());
    expect(() => two.start(encoding)).toThrow("of another model");
  });
});
