import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanLoss, type TeacherForcing, teacherForcing, tokenLosses } from "../src/index.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

/** The batch as plain numbers; frees its tensors. */
function plain({ inputs, targets, positions, weights, lengths }: TeacherForcing) {
  const read = {
    inputs: inputs.arraySync(),
    targets: [...targets.dataSync()],
    positions: positions && [...positions.dataSync()],
    weights: weights && [...weights.dataSync()],
    lengths,
  };
  tf.dispose([inputs, targets, positions ?? [], weights ?? []]);
  return read;
}

describe("teacherForcing", () => {
  test("shifts inputs relative to targets; padding has no targets", () => {
    expect(plain(teacherForcing([[5, 6], [7], []], special))).toEqual({
      inputs: [
        [1, 5, 6],
        [1, 7, 2],
        [1, 2, 2],
      ],
      targets: [5, 6, 2, 7, 2, 2],
      positions: [0, 1, 2, 3, 4, 6],
      weights: undefined,
      lengths: [3, 2, 1],
    });
  });

  test("has no positions without padding", () => {
    const { positions, targets } = plain(
      teacherForcing(
        [
          [5, 6],
          [7, 8],
        ],
        special,
      ),
    );
    expect(positions).toBeUndefined();
    expect(targets).toEqual([5, 6, 2, 7, 8, 2]);
  });

  test("a sequence that is cut off has no end as a target", () => {
    expect(plain(teacherForcing([[5, 6, 7], [8, 9], [4]], special, { maxSteps: 3 }))).toMatchObject(
      {
        inputs: [
          [1, 5, 6],
          [1, 8, 9],
          [1, 4, 2],
        ],
        targets: [5, 6, 7, 8, 9, 2, 4, 2],
        lengths: [3, 3, 2],
      },
    );
  });

  test("weights are those of the rows; all 1 is the mean", () => {
    const { weights } = plain(teacherForcing([[5, 6], [7]], special, { weights: [1, -2] }));
    expect(weights?.map((weight) => 5 * weight)).toEqual(
      [1, 1, 1, -2, -2].map((w) => expect.closeTo(w)),
    );
  });

  test("each target follows its input", () => {
    const token = fc.integer({ min: 4, max: 99 });
    const sequences = fc.array(fc.array(token, { maxLength: 12 }), { minLength: 1, maxLength: 8 });
    const maxSteps = fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined });
    fc.assert(
      fc.property(sequences, maxSteps, (sequences, limit) => {
        const batch = plain(teacherForcing(sequences, special, { maxSteps: limit }));
        const flat = batch.inputs.flat();
        const positions = batch.positions ?? [...flat.keys()];
        expect(batch.targets).toEqual(
          sequences.flatMap((tokens) => [...tokens, special.end].slice(0, limit)),
        );
        expect(positions.map((position) => flat[position])).toEqual(
          sequences.flatMap((tokens) => [special.start, ...tokens].slice(0, limit)),
        );
        expect(batch.lengths).toEqual(
          sequences.map(({ length }) => Math.min(length + 1, limit ?? Number.POSITIVE_INFINITY)),
        );
      }),
    );
  });
});

describe("tokenLosses", () => {
  const random = createRandom(3);
  const logits = Array.from({ length: 9 }, () => Array.from({ length: 9 }, () => random.normal()));
  const sequences = [[5, 6], [7], [4, 4, 8]];

  /** The loss of token `to` after `from`, computed by hand. */
  function lossOf(from: number, to: number, suppressed: readonly number[] = []): number {
    const row = logits[from] ?? [];
    const allowed = row.filter((_, id) => !suppressed.includes(id));
    const sum = allowed.reduce((total, logit) => total + Math.exp(logit), 0);
    return Math.log(sum) - (row[to] ?? Number.NaN);
  }

  const expected = (suppressed?: readonly number[]) =>
    sequences.flatMap((tokens) =>
      [...tokens, special.end].map((to, i) =>
        lossOf(tokens[i - 1] ?? special.start, to, suppressed),
      ),
    );

  test("are the cross-entropies of the targets, without padding", () => {
    tf.tidy(() => {
      const decoder = new TableDecoder(tf.tensor2d(logits));
      const batch = teacherForcing(sequences, special);
      const { losses, features } = tokenLosses(decoder, batch, decoder.start(3));
      expect(features.shape).toEqual([3, 4, 9]);
      expectClose(losses, expected());
      expectClose(meanLoss(losses, batch), expected().reduce((a, b) => a + b) / 9);
    });
  });

  test("suppressed tokens have probability 0, and weights are applied", () => {
    tf.tidy(() => {
      const decoder = new TableDecoder(tf.tensor2d(logits));
      const batch = teacherForcing(sequences, special, { weights: [0, 3, 0] });
      const { losses } = tokenLosses(decoder, batch, decoder.start(3), { suppressed: [0, 3] });
      expectClose(losses, expected([0, 3]));
      const [, , , first = 0, second = 0] = expected([0, 3]);
      expectClose(meanLoss(losses, batch), (3 * (first + second)) / 9);
    });
  });

  test("labels are smoothed", () => {
    tf.tidy(() => {
      const decoder = new TableDecoder(tf.tensor2d(logits));
      const batch = teacherForcing([[]], special);
      const { losses } = tokenLosses(decoder, batch, decoder.start(1), { labelSmoothing: 0.1 });
      const all = logits.map((_, to) => lossOf(special.start, to));
      const even = all.reduce((a, b) => a + b) / all.length;
      expectClose(losses, [0.9 * lossOf(special.start, special.end) + 0.1 * even]);
    });
  });

  test("padding is not projected", () => {
    tf.tidy(() => {
      const decoder = new TableDecoder(tf.tensor2d(logits));
      const rows: number[] = [];
      const counting = {
        vocabularySize: decoder.vocabularySize,
        features: (tokens: tf.Tensor2D) => decoder.features(tokens),
        project(features: tf.Tensor2D) {
          rows.push(features.shape[0]);
          return decoder.project(features);
        },
      };
      tokenLosses(counting, teacherForcing(sequences, special), decoder.start(3));
      expect(rows).toEqual([9]);
    });
  });

  test("leak no tensors", async () => {
    const table = tf.tensor2d(logits);
    const decoder = new TableDecoder(table);
    await expectNoLeak(() => {
      const batch = teacherForcing(sequences, special, { weights: [1, 2, 3] });
      tf.tidy(() => {
        meanLoss(tokenLosses(decoder, batch, decoder.start(3)).losses, batch).dataSync();
      });
      tf.dispose(batch);
    });
    table.dispose();
  });
});
