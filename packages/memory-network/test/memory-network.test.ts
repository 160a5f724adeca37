import { assignWeights, crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  allConfigs,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  expectTrainingStep,
  loadGolden,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  batchStories,
  createMemoryNetwork,
  type EncodedStory,
  type MemoryNetworkConfig,
  memoryNetworkSchema,
} from "../src/index.ts";

interface Values {
  readonly shape: number[];
  readonly values: number[];
}

/** By PyTorch. */
const golden = loadGolden<{
  stories: EncodedStory[];
  targets: number[];
  cases: {
    config: MemoryNetworkConfig;
    linear: boolean;
    weights: Record<string, Values>;
    logits: number[][];
    attention: number[][][];
    gradients: Record<string, Values>;
  }[];
}>(new URL("./golden/memory-network.golden.json", import.meta.url));

useEngine();

const { stories, targets, cases } = golden;

describe.each(cases)(
  "$config.tying, position encoding $config.positionEncoding, linear $linear",
  (each) => {
    const { config, linear, weights, logits, attention, gradients } = each;
    const load = () => {
      const network = createMemoryNetwork(config);
      const stored = Object.entries(weights).map(
        ([name, { shape, values }]) => [name, { shape, data: Float32Array.from(values) }] as const,
      );
      assignWeights(network, new Map(stored), "golden");
      return network;
    };

    test("equals PyTorch: logits, attention and gradients", () => {
      const network = load();
      const batch = batchStories(stories, config);
      const found = network.forward(batch, { linear });
      expectClose(found.logits, logits, 1e-5);
      for (const [row, hops] of attention.entries()) {
        const latest = hops[0]?.length ?? 0;
        const own = tf.slice(found.attention, [row, 0, 0], [1, -1, latest]);
        expectClose(tf.squeeze(own, [0]), hops, 1e-5);
      }
      const loss = () => {
        const answered = network.forward(batch, { linear });
        return tf.mean<tf.Scalar>(crossEntropy(answered.logits, tf.tensor1d(targets, "int32")));
      };
      const { grads } = tf.variableGrads(loss, network.parameters());
      for (const [name, parameter] of network.namedParameters()) {
        const expected = gradients[name];
        expectClose(
          grads[parameter.name] ?? tf.zeros([1]),
          tf.tensor(expected?.values ?? [], expected?.shape),
          1e-4,
        );
      }
      network.dispose();
    });

    test("a batch equals its rows, and attention sums to 1", () => {
      const network = load();
      const together = network.forward(batchStories(stories, config), { linear });
      for (const [row, story] of stories.entries()) {
        const alone = network.forward(batchStories([story], config), { linear });
        expectClose(alone.logits, tf.slice(together.logits, row, 1), 1e-5);
      }
      if (!linear) expectClose(tf.sum(together.attention, 2), tf.ones([2, config.hops]), 1e-5);
      network.dispose();
    });
  },
);

const configs = allConfigs(
  {
    vocabularySize: [9],
    answers: [3],
    size: [4],
    hops: [1, 3],
    tying: memoryNetworkSchema.shape.tying.unwrap().options,
    positionEncoding: [true, false],
    maxMemories: [2, 6],
  },
  (config) => memoryNetworkSchema.safeParse(config).data,
);

test.each(configs)("trains a step: %j", (config) => {
  const network = createMemoryNetwork(config, createRandom(1));
  const batch = batchStories(stories, { ...config, noise: createRandom(2) });
  const loss = () => tf.mean<tf.Scalar>(tf.square(network.forward(batch).logits));
  expectTrainingStep(loss, network.namedParameters());
  network.dispose();
});

test("numeric gradients", () => {
  const config = { vocabularySize: 9, answers: 3, size: 4, hops: 2, maxMemories: 5 };
  const network = createMemoryNetwork(config, createRandom(1));
  const batch = batchStories(stories, config);
  checkVariableGradients(() => network.forward(batch).logits, network.namedParameters());
  network.dispose();
});

describe("stories", () => {
  test("the latest sentences come first, and the oldest are left out", () => {
    const batch = batchStories(stories, { maxMemories: 2 });
    expect(batch.memories.arraySync()).toEqual([
      [
        [6, 7, 8, 1],
        [4, 5, 0, 0],
      ],
      [
        [2, 2, 4, 0],
        [5, 1, 0, 0],
      ],
    ]);
    expect(batch.memoryLengths).toEqual([
      [4, 2],
      [3, 2],
    ]);
    expect(batch.questions.arraySync()).toEqual([
      [2, 3, 0],
      [7, 8, 1],
    ]);
  });

  test("noise inserts empty memories, as its seed says", () => {
    const long = [{ story: Array.from({ length: 400 }, () => [1]), question: [1] }];
    const empty = (seed: number) => {
      const options = { maxMemories: 1000, noise: createRandom(seed) };
      return batchStories(long, options)
        .memoryLengths.flat()
        .filter((length) => length === 0).length;
    };
    expect(empty(1)).toBe(empty(1));
    expect(empty(1)).toBeGreaterThan(20);
    expect(empty(1)).toBeLessThan(65);
  });

  test("a story may be empty; a sentence or a question may not", () => {
    const options = { maxMemories: 4 };
    const network = createMemoryNetwork(
      { vocabularySize: 9, answers: 3, maxMemories: 4 },
      createRandom(1),
    );
    const { logits } = network.forward(batchStories([{ story: [], question: [1] }], options));
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    network.dispose();
    expect(() => batchStories([{ story: [[]], question: [1] }], options)).toThrow("empty sentence");
    expect(() => batchStories([{ story: [[1]], question: [] }], options)).toThrow("empty question");
  });

  test("learns which sentence matters, and looks at it", { timeout: 600_000 }, () => {
    // "1 w" says where someone is, the latest counts: who 1 or 2, places 3 to 6.
    const random = createRandom(3);
    const made = Array.from({ length: 64 }, () => {
      const story = Array.from({ length: 4 }, () => [1 + random.integer(2), 3 + random.integer(4)]);
      const who = story[random.integer(4)]?.[0] ?? 1;
      const place = story.findLast(([one]) => one === who)?.[1] ?? 3;
      return { story, question: [7, who], answer: place - 3 };
    });
    const config = { vocabularySize: 8, answers: 4, size: 12, hops: 2, maxMemories: 4 };
    const network = createMemoryNetwork(config, createRandom(1));
    const batch = batchStories(made, config);
    const labels = tf.tensor1d(
      made.map(({ answer }) => answer),
      "int32",
    );
    const adam = tf.train.adam(0.03);
    for (let step = 0; step < 250; step++) {
      adam.minimize(
        () => tf.mean<tf.Scalar>(crossEntropy(network.forward(batch).logits, labels)),
        false,
        network.parameters(),
      );
    }
    const found = tf.argMax(network.forward(batch).logits, 1).dataSync();
    const right = made.filter(({ answer }, row) => found[row] === answer).length;
    expect(right / made.length).toBeGreaterThan(0.95);
    adam.dispose();
    network.dispose();
  });
});

test("leaks no tensors", async () => {
  const config = { vocabularySize: 9, answers: 3, maxMemories: 4 };
  const network = createMemoryNetwork(config, createRandom(1));
  await expectNoLeak(() => {
    const batch = batchStories(stories, config);
    tf.dispose(tf.tidy(() => network.forward(batch)));
    tf.dispose([batch.memories, batch.questions]);
  });
  network.dispose();
});
