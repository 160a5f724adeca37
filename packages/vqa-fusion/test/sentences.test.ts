import { setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createFusion,
  type Fusion,
  type FusionConfig,
  fusionConfigSchema,
  sentenceOf,
} from "../src/index.ts";
import { makeImage, makeQuestion } from "./support/batches.ts";
import { configs } from "./support/configs.ts";

useEngine();

const size = 3;
const name = "question.sentence.projection.kernel";

/** Each kind of fusion with a recurrent reader, which reads sentences as well. */
const reading = configs.flatMap((config, i) => {
  const isFirst = configs.findIndex(({ kind }) => kind === config.kind) === i;
  return isFirst && "question" in config ? [withSentence(config)] : [];
});

function withSentence(config: FusionConfig, sentence: object = {}): FusionConfig {
  const question = "question" in config && { ...config.question, sentence: { size, ...sentence } };
  return fusionConfigSchema.parse({ ...config, question });
}

function sentencesOf(rows: number, elements = size): tf.Tensor2D {
  return tf.randomUniform([rows, elements], -1, 1, "float32", 1);
}

/** The fusion, with other weights than zeros for sentences. */
function taught(config: FusionConfig): Fusion {
  const fusion = createFusion(config, createRandom(1));
  const kernel = fusion.namedParameters().get(name);
  if (kernel === undefined) throw new Error(`${config.kind} reads no sentences`);
  const random = createRandom(2);
  setParameter(kernel, Float32Array.from({ length: kernel.size }, random.normal));
  return fusion;
}

describe.each(reading)("%j", (config) => {
  const image = () => makeImage(3);
  const question = (lengths = [3, 1, 2]) => {
    return { ...makeQuestion(lengths), sentences: sentencesOf(lengths.length) };
  };

  test("computes the same with and without sentences at first, and then not", () => {
    const [fusion, other] = [createFusion(config, createRandom(1)), taught(config)];
    const without = fusion.fuse(makeQuestion([3, 1, 2]), image()).joint;
    expectClose(fusion.fuse(question(), image()).joint, without, 0);
    expectClose(other.fuse(makeQuestion([3, 1, 2]), image()).joint, without, 0);
    expect(() => expectClose(other.fuse(question(), image()).joint, without, 1e-3)).toThrow(
      "not close",
    );
    fusion.dispose();
    other.dispose();
  });

  test("numeric gradient of their weights", () => {
    const fusion = taught(config);
    const own = [...fusion.namedParameters()].filter(([parameter]) => parameter === name);
    const [asked, seen] = [question(), image()];
    // Film has maxima, which switch.
    const options = config.kind === "film" ? { tolerance: 1e-2 } : {};
    checkVariableGradients(() => fusion.fuse(asked, seen).joint, new Map(own), options);
    fusion.dispose();
  });

  test("leaks no tensor", async () => {
    const fusion = taught(withSentence(config, { dropout: 0.5, leftOut: 0.5 }));
    const [asked, seen] = [question(), image()];
    const run = () => {
      tf.dispose(fusion.fuse(asked, seen));
      tf.dispose(fusion.fuse(asked, seen, { random: createRandom(1) }));
    };
    run(); // allocates the kernels' constants
    await expectNoLeak(run);
    fusion.dispose();
  });
});

describe("a blind fusion", () => {
  const blind = (sentence: object) =>
    taught(
      fusionConfigSchema.parse({
        ...{ kind: "blind", vocabularySize: 13, embeddingSize: 4, channels: 3 },
        question: { kind: "gru", size: 4, sentence: { size, ...sentence } },
      }),
    );
  const rows = 200;
  const lengths = Array.from({ length: rows }, (_, i) => 1 + (i % 5));
  /** What the sentences add to the questions' vectors, and what they would add to all of them. */
  function added(fusion: Fusion, seed?: number) {
    const [question, image, sentences] = [
      makeQuestion(lengths),
      makeImage(rows),
      sentencesOf(rows),
    ];
    const random = seed === undefined ? undefined : createRandom(seed);
    const { joint } = fusion.fuse({ ...question, sentences }, image, { random });
    const all = tf.matMul(sentences, fusion.namedParameters().get(name) ?? sentences);
    return { sum: tf.sub(joint, fusion.fuse(question, image).joint), all };
  }

  test("adds each sentence to its question, also if questions are read in groups of similar length", () => {
    const { sum, all } = added(blind({ dropout: 0.5, leftOut: 0.5 }));
    expectClose(sum, all);
  });

  test("leaves a share of the sentences out in training, by the seed, and does not scale the others", () => {
    const fusion = blind({ leftOut: 0.3 });
    const { sum, all } = added(fusion, 1);
    const isLeftOut = tf.lessEqual(tf.max(tf.abs(sum), 1, true), 1e-6);
    expectClose(sum, tf.where(tf.tile(isLeftOut, [1, 4]), tf.zerosLike(all), all));
    const share = tf.mean(tf.cast(isLeftOut, "float32")).dataSync()[0];
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
    expectClose(added(fusion, 1).sum, sum, 0);
    expect(() => expectClose(added(fusion, 2).sum, sum)).toThrow("not close");
  });

  test("drops elements of the sentences in training, by the seed", () => {
    const fusion = blind({ dropout: 0.5 });
    const { sum, all } = added(fusion, 1);
    expect(() => expectClose(sum, all)).toThrow("not close");
    expectClose(added(fusion, 1).sum, sum, 0);
  });
});

describe("errors", () => {
  const config = { kind: "blind", vocabularySize: 13, embeddingSize: 4, channels: 3 } as const;
  const fuse = (sentence: object | undefined, sentences: tf.Tensor2D) => () => {
    const parsed = fusionConfigSchema.parse({ ...config, question: { kind: "gru", sentence } });
    createFusion(parsed, createRandom(1)).fuse(
      { ...makeQuestion([3, 2]), sentences },
      makeImage(2),
    );
  };

  test("sentences of another size, too few, or for a fusion that reads none", () => {
    const remedy = `see "sentence" in the fusion's config`;
    expect(fuse({}, sentencesOf(2))).toThrow(
      `the sentences' vectors are [2,3], expected [2, 384]; ${remedy}`,
    );
    expect(fuse({ size }, sentencesOf(1))).toThrow("are [1,3], expected [2, 3]; ");
    expect(fuse(undefined, sentencesOf(2))).toThrow(`are [2,3], expected none; ${remedy}`);
  });

  test.each(["bag-of-words", "transformer"])("a %s reads no sentences", (kind) => {
    const question = { kind, sentence: { size } };
    expect(fusionConfigSchema.safeParse({ ...config, question }).success).toBe(false);
    const parsed = fusionConfigSchema.parse({ ...config, question: { kind } });
    expect(sentenceOf(parsed)).toBeUndefined();
  });
});
