import type { Parameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  expectTrainingStep,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createFusion, type Fusion, fusionConfigSchema } from "../src/index.ts";
import { makeImage, makeQuestion } from "./support/batches.ts";
import { configs } from "./support/configs.ts";

useEngine();

test("every kind is among the configurations", () => {
  const kinds = fusionConfigSchema.options.map(({ shape }) => shape.kind.value);
  expect([...new Set(configs.map(({ kind }) => kind))]).toEqual(kinds);
});

describe.each(configs)("%j", (config) => {
  test("trains a step, on questions of one word as well", () => {
    for (const lengths of [[3, 1], [1]]) {
      const fusion = createFusion(config, createRandom(1));
      const [question, image] = [makeQuestion(lengths), makeImage(lengths.length)];
      const loss = () => {
        const { joint } = fusion.fuse(question, image, { random: createRandom(1) });
        return tf.mean<tf.Scalar>(tf.square(tf.sub(joint, 1)));
      };
      expectTrainingStep(loss, learnedBy(fusion));
      fusion.dispose();
    }
  });

  test("a batch equals its rows; padding is ignored; attention sums to 1", () => {
    const fusion = createFusion(config, createRandom(1));
    const lengths = [3, 1, 2];
    const [question, image] = [makeQuestion(lengths), makeImage(3)];
    const { joint, attention } = fusion.fuse(question, image);
    expectClose(fusion.fuse(makeQuestion(lengths, 9), image).joint, joint, 1e-6);
    if (attention) expectClose(tf.sum(attention, 2), tf.ones(attention.shape.slice(0, 2)));
    for (const [row, length] of lengths.entries()) {
      const alone = fusion.fuse(
        { tokens: tf.slice(question.tokens, [row, 0], [1, length]), lengths: [length] },
        { map: tf.slice(image.map, row, 1), pooled: tf.slice(image.pooled, row, 1) },
      );
      expectClose(alone.joint, tf.slice(joint, row, 1));
      if (attention) expectClose(alone.attention ?? 0, tf.slice(attention, row, 1));
    }
    fusion.dispose();
  });

  test("several questions about one image equal each with its own", () => {
    const fusion = createFusion(config, createRandom(1));
    const [question, image] = [makeQuestion([3, 1, 2]), makeImage(2)];
    const of = tf.tensor1d([1, 0, 1], "int32");
    const repeated = { map: tf.gather(image.map, of), pooled: tf.gather(image.pooled, of) };
    const [shared, own] = [
      fusion.fuse(question, { ...image, of }),
      fusion.fuse(question, repeated),
    ];
    expectClose(shared.joint, own.joint, 1e-5);
    expect(shared.attention?.shape).toEqual(own.attention?.shape);
    const view = fusion.view(image);
    expectClose(fusion.fuse(question, { ...image, of }, { view }).joint, shared.joint, 0);
    fusion.dispose();
  });

  test("numeric gradients", () => {
    const fusion = createFusion(config, createRandom(1));
    const { map, pooled } = makeImage(2);
    const [question, image] = [makeQuestion([3, 1]), { map, pooled }];
    if (config.kind === "film") {
      awayFromKinks(fusion);
      image.map = tf.slice(map, [0, 0, 0], [-1, 1, -1]);
    }
    // The raised biases make large numbers, which float32 rounds more.
    const options = config.kind === "film" ? { tolerance: 1e-2 } : {};
    const joint = () => fusion.fuse(question, image).joint;
    checkVariableGradients(joint, learnedBy(fusion), options);
    fusion.dispose();
  });

  test("leaks no tensor", async () => {
    const fusion = createFusion(config, createRandom(1));
    const [question, image] = [makeQuestion([3, 1]), makeImage(2)];
    const run = () => {
      const view = fusion.view(image);
      tf.dispose(fusion.fuse(question, image, { view }));
      tf.dispose(Object.values(view));
      const { value, grads } = tf.variableGrads(() =>
        tf.sum(fusion.fuse(question, image, { random: createRandom(1) }).joint),
      );
      tf.dispose([value, grads]);
    };
    run(); // allocates the kernels' constants
    await expectNoLeak(run);
    fusion.dispose();
  });
});

/** The parameters that questions teach: what regions show is learned from captions. */
function learnedBy(fusion: Fusion): Map<string, Parameter> {
  const all = [...fusion.namedParameters()];
  return new Map(all.filter(([name]) => !name.startsWith("regionWords.")));
}

/** Raises the biases until every rectified linear unit is active; with one position, no maximum switches. */
function awayFromKinks(fusion: Fusion): void {
  for (const [name, parameter] of fusion.namedParameters()) {
    if (/(stem|input|features)\.bias|norm\.offset/.test(name)) {
      tf.tidy(() => parameter.assign(tf.fill(parameter.shape, 2)));
    }
  }
}
