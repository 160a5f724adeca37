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
  type Answered,
  createReader,
  type EncodedStory,
  type ReaderConfigInput,
  readerConfigSchema,
  readerSizes,
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
    config: ReaderConfigInput;
    linear: boolean;
    weights: Record<string, Values>;
    logits: number[][];
    attention?: number[][][];
    cost?: number;
    gradients: Record<string, Values>;
  }[];
}>(new URL("./golden/readers.golden.json", import.meta.url));

useEngine();

const { stories, targets, cases } = golden;

/** The loss of training. */
function lossOf({ logits, cost }: Answered, answers: readonly number[]): tf.Scalar {
  const loss = tf.mean<tf.Scalar>(crossEntropy(logits, tf.tensor1d([...answers], "int32")));
  return cost === undefined ? loss : tf.add(loss, cost);
}

describe.each(cases)("golden: $config, linear $linear", (each) => {
  const { config, linear } = each;
  const load = () => {
    const reader = createReader(config);
    const stored = Object.entries(each.weights).map(
      ([name, { shape, values }]) => [name, { shape, data: Float32Array.from(values) }] as const,
    );
    assignWeights(reader, new Map(stored), "golden");
    return reader;
  };

  test("equals PyTorch: logits, attention, cost and gradients", () => {
    const reader = load();
    const found = reader.read(stories, { linear });
    expectClose(found.logits, each.logits, 1e-5);
    if (each.cost !== undefined) expectClose(found.cost ?? Number.NaN, each.cost, 1e-5);
    expect(found.attention === undefined).toBe(each.attention === undefined);
    for (const [row, hops] of (each.attention ?? []).entries()) {
      const attention = found.attention ?? tf.zeros<tf.Rank.R3>([0, 0, 0]);
      const positions = hops[0]?.length ?? 0;
      const own = tf.slice(attention, [row, 0, 0], [1, hops.length, positions]);
      expectClose(tf.squeeze(own, [0]), hops, 1e-5);
      const rest = tf.slice(attention, [row, 0, positions], [1, -1, -1]);
      expectClose(rest, tf.zerosLike(rest), 1e-6);
    }
    const parameters = reader.parameters();
    const loss = () => lossOf(reader.read(stories, { linear }), targets);
    const { grads } = tf.variableGrads(loss, parameters);
    for (const [name, parameter] of reader.namedParameters()) {
      const { values = [], shape } = each.gradients[name] ?? {};
      expectClose(
        grads[parameter.name] ?? tf.zeros(parameter.shape),
        tf.tensor(values, shape),
        1e-4,
      );
    }
    reader.dispose();
  });

  test("a batch equals its rows", () => {
    const reader = load();
    const { logits } = reader.read(stories, { linear });
    for (const [row, story] of stories.entries()) {
      const alone = reader.read([story], { linear });
      expectClose(alone.logits, tf.slice(logits, row, 1), 1e-5);
    }
    reader.dispose();
  });
});

const small = { vocabularySize: 9, answers: 4, maxSentences: 5 };
const lstm = { ...small, embeddingSize: 3, units: 4 };
/** One of each kind. */
const configs: readonly ReaderConfigInput[] = [
  { kind: "lstm", ...lstm },
  { kind: "attention-lstm", ...lstm },
  { kind: "hierarchical", ...lstm },
  { kind: "memory-network", ...small, size: 4, hops: 2 },
  { kind: "query-reduction", ...small, size: 4 },
  // Dropout is random, which numeric gradients cannot be.
  ...[{ size: 4, heads: 2, feedForwardSize: 6, maxSteps: 3 }].map(
    (sizes) => ({ kind: "universal-transformer", ...small, ...sizes }) as const,
  ),
];

describe.each(configs)("$kind", (config) => {
  test("numeric gradients", () => {
    const reader = createReader(config, createRandom(3));
    checkVariableGradients(() => reader.read(stories).logits, reader.namedParameters());
    reader.dispose();
  });

  test("leaks no tensors", async () => {
    const reader = createReader(config, createRandom(1));
    await expectNoLeak(() => tf.dispose(reader.read(stories, { random: createRandom(1) })));
    reader.dispose();
  });

  test("reads the latest sentences, and tells how much it looked at each", () => {
    const reader = createReader({ ...config, maxSentences: 2 }, createRandom(1));
    const [first] = stories;
    const long = reader.read(stories.slice(0, 1));
    const short = reader.read([
      { story: first?.story.slice(-2) ?? [], question: first?.question ?? [] },
    ]);
    expectClose(long.logits, short.logits, 1e-6);
    const positions = { sentences: 2, words: 6, nothing: undefined }[reader.looksAt];
    expect(long.attention?.shape[2]).toBe(positions);
    reader.dispose();
  });

  test("a story may be empty; a sentence or a question may not", () => {
    const reader = createReader(config, createRandom(1));
    const empty = { story: [], question: [1] };
    const { logits } = reader.read([empty]);
    expect([...logits.dataSync()].every(Number.isFinite)).toBe(true);
    const beside = reader.read([empty, ...stories]);
    expectClose(tf.slice(beside.logits, 0, 1), logits, 1e-5);
    expect(() => reader.read([{ story: [[]], question: [1] }])).toThrow("row 0 has an empty sent");
    expect(() => reader.read([{ story: [[1]], question: [] }])).toThrow("empty question");
    expect(() => reader.read([])).toThrow("there are no stories; give at least one");
    reader.dispose();
  });
});

describe.each(
  allConfigs(
    {
      kind: ["memory-network"],
      vocabularySize: [9],
      answers: [3],
      size: [4],
      hops: [1, 3],
      tying: ["adjacent", "layer-wise"],
      positionEncoding: [true, false],
      maxSentences: [2, 6],
    },
    (config) => readerConfigSchema.safeParse(config).data,
  ),
)("memory network: %j", (config) => {
  test("trains a step, with noise", () => {
    const reader = createReader(config, createRandom(1));
    const loss = () =>
      tf.mean<tf.Scalar>(tf.square(reader.read(stories, { random: createRandom(2) }).logits));
    expectTrainingStep(loss, reader.namedParameters());
    reader.dispose();
  });
});

test("noise is that of its seed, and only in training", () => {
  const reader = createReader({ kind: "memory-network", ...small, noise: 0.5 }, createRandom(1));
  const read = (seed?: number) =>
    reader.read(stories, { random: seed === undefined ? undefined : createRandom(seed) }).logits;
  expectClose(read(1), read(1), 0);
  expect(read(1).arraySync()).not.toEqual(read(2).arraySync());
  expectClose(read(), read(), 0);
  reader.dispose();
});

test("a memory network may find nothing, and then reads nothing", () => {
  const answerWords = [1, 2, 9, 10];
  const config = { kind: "memory-network", ...small, answerWords } as const;
  const reader = createReader(config, createRandom(1));
  const [first] = stories;
  const attention = reader.read(stories.slice(0, 1)).attention?.arraySync()[0] ?? [];
  // Two of five places are empty.
  for (const hop of attention) expect(hop.reduce((sum, each) => sum + each)).toBeLessThan(0.9);
  const full = createReader({ ...config, maxSentences: first?.story.length }, createRandom(1));
  const whole = full.read(stories.slice(0, 1)).attention?.arraySync()[0] ?? [];
  for (const hop of whole) expect(hop.reduce((sum, each) => sum + each)).toBeCloseTo(1, 5);
  reader.dispose();
  full.dispose();
});

test("an answer that is a word of stories has its id", () => {
  const ids = new Map([
    ["kitchen", [1]],
    ["the garden", [2, 3]],
  ]);
  const words = {
    size: 4,
    encode: (text: string) => ids.get(text) ?? [0],
    knows: (text: string) => ids.has(text),
  };
  const sizes = { vocabularySize: 4, answers: 3 };
  const answers = ["kitchen", "the garden", "attic"];
  expect(readerSizes("memory-network", words, answers)).toEqual({
    ...sizes,
    answerWords: [1, 5, 6],
  });
  expect(readerSizes("lstm", words, answers)).toEqual(sizes);
});

test("invalid configs name their keys", () => {
  const words = { ...small, answerWords: [1] };
  expect(() => createReader({ kind: "memory-network", ...words })).toThrow(
    "answerWords: there must be one for each answer",
  );
  const config = { kind: "universal-transformer", ...small, size: 6, heads: 4 } as const;
  expect(() => createReader(config)).toThrow("heads: the heads do not divide the size");
});
