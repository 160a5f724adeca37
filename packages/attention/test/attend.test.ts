import { createRandom, tf } from "@attend/runtime";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  useEngine,
} from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attend,
  attendShared,
  coverageLoss,
  createScore,
  doublyStochasticPenalty,
  lengthMask,
  maskLogits,
  type ScoreName,
  scoreNames,
} from "../src/index.ts";

const sizes = { querySize: 4, memorySize: 4, size: 6 };

useEngine();

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const random = createRandom(seed);
  return tf.tensor<R>(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal),
    shape,
  );
}

function attendTo(name: ScoreName, memory: tf.Tensor3D, mask?: tf.Tensor, seed = 1) {
  const score = createScore(name, sizes, createRandom(seed));
  const query = normal<tf.Rank.R3>([memory.shape[0], 2, sizes.querySize], seed);
  return attend(score, query, score.projectMemory(memory), memory, mask);
}

describe.each(scoreNames)("%s", (name) => {
  test("weights sum to 1 over the valid positions; masked positions are ignored", () => {
    const property = (seed: number, allowed: number[], noise: number) => {
      tf.tidy(() => {
        const positions = allowed.length;
        const memory = normal<tf.Rank.R3>([1, positions, sizes.memorySize], seed);
        const mask = tf.tensor2d(allowed, [1, positions], "int32");
        const { context, weights } = attendTo(name, memory, mask, seed);
        expectClose(tf.sum(weights, 2), [[1, 1]]);
        const excluded = tf.expandDims(tf.sub(1, mask), 2);
        expectClose(tf.max(tf.mul(weights, tf.transpose(excluded, [0, 2, 1]))), 0, 0);

        const disturbed = tf.add(memory, tf.mul(excluded, noise)) as tf.Tensor3D;
        const again = attendTo(name, disturbed, mask, seed);
        expectClose(again.weights, weights, 1e-6);
        expectClose(again.context, context, 1e-6);
      });
    };
    const mask = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 9 });
    const someAllowed = mask.filter((flags) => flags.includes(1));
    fc.assert(fc.property(fc.nat(), someAllowed, fc.integer({ min: -99, max: 99 }), property), {
      numRuns: 30,
      seed: 1,
    });
  });

  test("a masked position equals an absent one", () => {
    const memory = normal<tf.Rank.R3>([2, 5, sizes.memorySize], 4);
    const masked = attendTo(name, memory, lengthMask([3, 3], 5));
    const shorter = attendTo(name, tf.slice(memory, [0, 0, 0], [2, 3, -1]));
    expectClose(masked.context, shorter.context);
    expectClose(tf.slice(masked.weights, [0, 0, 0], [2, 2, 3]), shorter.weights);
  });

  test("a row without valid positions gets uniform weights", () => {
    const { weights } = attendTo(name, normal<tf.Rank.R3>([1, 4, 4], 1), tf.zeros([1, 4]));
    expectClose(weights, tf.fill([1, 2, 4], 0.25));
  });

  test("gradients of query, memory and parameters agree with central differences", () => {
    const score = createScore(name, sizes, createRandom(2));
    const mask = tf.tensor2d([1, 1, 0, 1, 0, 1, 1, 1], [2, 4]);
    const run = (query: tf.Tensor, memory: tf.Tensor) => {
      const values = memory as tf.Tensor3D;
      const keys = score.projectMemory(values);
      return attend(score, query as tf.Tensor3D, keys, values, mask).context;
    };
    checkGradient(run, [
      [2, 3, sizes.querySize],
      [2, 4, sizes.memorySize],
    ]);
    const query = normal<tf.Rank.R3>([2, 3, sizes.querySize], 5);
    const memory = normal<tf.Rank.R3>([2, 4, sizes.memorySize], 6);
    checkVariableGradients(() => tf.sum(tf.square(run(query, memory))), score.namedParameters());
  });

  test("shared memories, with and without a mask, equal a memory per row", () => {
    const score = createScore(name, sizes, createRandom(2));
    const query = normal<tf.Rank.R2>([5, sizes.querySize], 5);
    const memory = normal<tf.Rank.R3>([3, 4, sizes.memorySize], 6);
    const keys = score.projectMemory(memory);
    const masks = [undefined, tf.tensor2d([1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1], [3, 4])];
    const indices = tf.tensor1d([2, 0, 0, 1, 2], "int32");
    for (const mask of masks) {
      const perRow = attend(
        score,
        tf.expandDims(query, 1),
        tf.gather(keys, indices),
        tf.gather(memory, indices),
        mask && tf.gather(mask, indices),
      );
      const shared = attendShared(score, query, keys, memory, indices, mask);
      expectClose(shared.weights, tf.squeeze(perRow.weights, [1]));
      expectClose(shared.context, tf.squeeze(perRow.context, [1]));
      const three = tf.slice(query, 0, 3);
      const each = attendShared(score, three, keys, memory, undefined, mask);
      const alone = attend(score, tf.expandDims(three, 1), keys, memory, mask);
      expectClose(each.weights, tf.squeeze(alone.weights, [1]));
    }
    const [ofQuery] = tf.grads(
      (q) => attendShared(score, q as tf.Tensor2D, keys, memory, undefined, masks[1]).context,
    )([tf.slice(query, 0, 3)]);
    expect(tf.sum(tf.abs(ofQuery ?? 0)).dataSync()[0]).toBeGreaterThan(0);
  });

  test("leaks no tensors", async () => {
    const score = createScore(name, sizes, createRandom(2));
    const query = normal<tf.Rank.R3>([2, 3, sizes.querySize], 5);
    const memory = normal<tf.Rank.R3>([2, 4, sizes.memorySize], 6);
    await expectNoLeak(() => {
      const result = tf.tidy(() => attend(score, query, score.projectMemory(memory), memory));
      tf.dispose([result.context, result.weights]);
    });
  });
});

describe("maskLogits", () => {
  const logits = () => tf.zeros<tf.Rank.R3>([2, 3, 4]);

  test.each([[[2, 4]], [[2, 3, 4]]])(
    "accepts a mask [%s] of booleans, integers or floats",
    (shape) => {
      for (const dtype of ["bool", "int32", "float32"] as const) {
        expectClose(maskLogits(logits(), tf.ones(shape, dtype)), logits());
        expect(tf.max(maskLogits(logits(), tf.zeros(shape, dtype))).dataSync()[0]).toBeLessThan(
          -1e8,
        );
      }
    },
  );

  test.each([[[4]], [[3, 4]], [[2, 3]], [[2, 2, 4]], [[2, 3, 5]], [[1, 2, 3, 4]]])(
    "reports the expected shape for a mask [%s]",
    (shape) => {
      expect(() => maskLogits(logits(), tf.ones(shape))).toThrow(
        `the attention mask is [${shape}], expected [batch 2, positions 4] or [batch 2, queries 3, positions 4]`,
      );
    },
  );
});

test("lengthMask is 1 up to each length", () => {
  const mask = lengthMask([0, 1, 3], 3);
  expect(mask.arraySync()).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [1, 1, 1],
  ]);
});

test("plain-dot reports sizes that differ", () => {
  expect(() =>
    createScore("plain-dot", { querySize: 3, memorySize: 4, size: 2 }, undefined),
  ).toThrow('a query size of 3 and a memory size of 4; make them equal, or use "general"');
});

describe("coverageLoss", () => {
  test("is 0 if no position is attended twice, and counts only valid steps", () => {
    const apart = tf.tensor3d([1, 0, 0, 1], [1, 2, 2]);
    expectClose(coverageLoss(apart, tf.ones([1, 2])), 0);
    const again = tf.tensor3d([1, 0, 1, 0], [1, 2, 2]);
    expectClose(coverageLoss(again, tf.ones([1, 2])), 0.5);
    expectClose(coverageLoss(again, tf.tensor2d([[1, 0]])), 0);
    expectClose(coverageLoss(again, tf.zeros([1, 2])), 0);
  });

  test("its gradient agrees with central differences", () => {
    const mask = tf.tensor2d([1, 1, 0, 1, 1, 1], [2, 3]);
    checkGradient((weights) => coverageLoss(weights as tf.Tensor3D, mask), [[2, 3, 4]]);
  });
});

describe("doublyStochasticPenalty", () => {
  test("is 0 if every position is attended once", () => {
    expectClose(doublyStochasticPenalty(tf.fill([2, 4, 4], 0.25), tf.ones([2, 4])), 0);
  });

  test("counts only valid steps", () => {
    const weights = tf.tensor3d([
      [
        [1, 0],
        [1, 0],
      ],
    ]); // two steps, both at position 0
    expectClose(doublyStochasticPenalty(weights, tf.tensor2d([[1, 1]])), 1);
    expectClose(doublyStochasticPenalty(weights, tf.tensor2d([[1, 0]])), 0.5);
  });

  test("its gradient agrees with central differences", () => {
    const mask = tf.tensor2d([1, 1, 0, 1, 1, 1], [2, 3]);
    checkGradient((weights) => doublyStochasticPenalty(weights as tf.Tensor3D, mask), [[2, 3, 4]]);
  });
});
