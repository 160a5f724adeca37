import { setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { cosine } from "../src/index.ts";
import { WordVectors } from "../src/word-vectors.ts";
import { groupsOfNeighbors } from "../training/neighbors.ts";
import { principalProjection } from "../training/principal.ts";
import { distillation, type Example } from "../training/task.ts";

useEngine();

const random = createRandom(1);
const vectorOf = (size: number): Float32Array => {
  const vector = Float32Array.from({ length: size }, () => random.normal());
  return vector.map((value) => value / Math.hypot(...vector));
};

test("a projection keeps the products of vectors in few directions", () => {
  // In a plane of five dimensions.
  const vectors = Array.from({ length: 8 }, (_, i) => {
    const [a, b] = [Math.cos(i), Math.sin(i)];
    return Float32Array.of(0.6 * a, b, 0.8 * a, 0, 0);
  });
  const projected = principalProjection(vectors, 2, createRandom(1))(vectors);
  for (const [i, a] of vectors.entries()) {
    expect(projected[i]).toHaveLength(2);
    for (const [j, b] of vectors.entries()) {
      const found = cosine(projected[i] ?? a, projected[j] ?? b);
      expectClose([found], [cosine(a, b)]);
    }
  }
});

test("neighbors are split into small groups, each vector in one", () => {
  const near = [vectorOf(6), vectorOf(6)];
  const vectors = Array.from({ length: 32 }, (_, i) => near[i % 2] ?? vectorOf(6));
  const groups = groupsOfNeighbors(vectors, 16, createRandom(3));
  expect(groups.flat().toSorted((a, b) => a - b)).toEqual([...vectors.keys()]);
  expect(Math.max(...groups.map(({ length }) => length))).toBeLessThanOrEqual(16);
});

test("the loss has the right gradient, and is least where the student is like the teacher", async () => {
  const examples = Array.from({ length: 5 }, (_, i): Example => {
    const vector = vectorOf(3);
    return { tokens: [i], vector, target: vector };
  });
  const network = new WordVectors(5, 3);
  const task = distillation(network, examples);
  const [plan = []] = task.plan(0, createRandom(1));
  const batch = await task.load(plan, createRandom(1));
  const loss = () => task.loss(batch, createRandom(1)).loss;
  setParameter(
    network.table.table,
    Float32Array.from({ length: 15 }, () => random.normal()),
  );
  checkVariableGradients(loss, network.namedParameters());
  const [before = 0] = tf.tidy(loss).dataSync();
  setParameter(
    network.table.table,
    Float32Array.from(examples.flatMap(({ vector }) => [...vector])),
  );
  const [after = 0] = tf.tidy(loss).dataSync();
  expect(after).toBeLessThan(before);
  task.release(batch);
  network.dispose();
});
