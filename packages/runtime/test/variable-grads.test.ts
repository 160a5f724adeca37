import { beforeAll, expect, test, vi } from "vitest";
import { customGradient, loadEngine, tf, variableGrads } from "../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

/** The values of all gradients, and the loss. */
function valuesOf({ value, grads }: ReturnType<typeof variableGrads>): number[][] {
  const values = Object.values(grads).map((gradient) => [...gradient.dataSync()]);
  const loss = [...value.dataSync()];
  tf.dispose([value, grads]);
  return [loss, ...values];
}

/** The gradients of both operands are those that `derive` makes of the sum's and of what was kept. */
function sumWith(
  derive: (dy: tf.Tensor, kept: tf.Tensor) => tf.Tensor[],
): (a: tf.Tensor, b: tf.Tensor) => tf.Tensor {
  return (a, b) =>
    customGradient(
      [a, b],
      () => ({ value: tf.add(a, b), saved: [a] }),
      (dy, [kept = dy]) => derive(dy, kept),
    );
}

/** Applied to both variables after another operation. */
const after = (sum: ReturnType<typeof sumWith>) => (a: tf.Variable, b: tf.Variable) =>
  tf.sum<tf.Scalar>(tf.exp(sum(tf.square(a), tf.sin(b))));

const losses: Record<string, (a: tf.Variable, b: tf.Variable) => tf.Scalar> = {
  "of a chain": (a, b) => tf.sum(tf.tanh(tf.mul(tf.sigmoid(a), tf.exp(b)))),
  "with many uses of the same tensors": (a, b) => {
    let sum = tf.mul(a, a);
    for (let i = 0; i < 5; i++) sum = tf.add(tf.mul(sum, b), tf.mul(sum, a));
    return tf.sum(tf.add(sum, sum));
  },
  "through operations with several outputs": (a, b) => {
    const [left, right] = tf.split(tf.concat([a, b], 0), 2) as [tf.Tensor, tf.Tensor];
    return tf.sum(tf.mul(left, tf.square(tf.sub(right, left))));
  },
  "of one of several outputs": (a, b) => {
    const [left] = tf.split(tf.mul(a, b), 2) as [tf.Tensor, tf.Tensor];
    return tf.sum(tf.exp(left));
  },
  "that are passed on as they are": after(sumWith((dy) => [dy, dy])),
  "that are what the forward pass has kept": after(sumWith((_, kept) => [kept, kept])),
  "that are one tensor for two inputs": after(
    sumWith((dy) => {
      const twice = tf.mul(dy, 2);
      return [twice, twice];
    }),
  ),
  "of one variable alone": (a) => tf.sum(tf.square(tf.relu(a))),
};

test.each(Object.entries(losses))("equals tf.variableGrads: gradients %s", (_, loss) => {
  const variables = [tf.tensor1d([0.3, -0.8, 1.7, 0.2]), tf.tensor1d([0.5, 0.1, -0.4, 2])].map(
    (value) => tf.variable(value),
  );
  const [a, b] = variables as [tf.Variable, tf.Variable];
  const before = tf.memory().numTensors;
  const used = loss === losses["of one variable alone"] ? [a] : [a, b];
  const expected = valuesOf(tf.variableGrads(() => loss(a, b), used));
  const told: number[][] = [];
  const onGradient = (index: number, gradient: tf.Tensor) => {
    told[index] = [...gradient.dataSync()];
  };
  const found = valuesOf(variableGrads(() => loss(a, b), used, onGradient));
  expect(found).toEqual(expected);
  expect(told).toEqual(found.slice(1));
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose(variables);
});

test("a gradient is told once all uses of its variable have been differentiated", () => {
  const events: string[] = [];
  const used = (x: tf.Tensor, name: string) =>
    customGradient(
      [x],
      () => ({ value: tf.clone(x), saved: [] }),
      (dy) => {
        events.push(name);
        return [tf.clone(dy)];
      },
    );
  const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
  const loss = (): tf.Scalar => {
    const early = tf.mul(used(a, "uses a"), used(b, "uses b"));
    return tf.sum(tf.mul(early, used(a, "uses a again")));
  };
  const names = ["has a", "has b"];
  valuesOf(variableGrads(loss, [a, b], (index) => events.push(names[index] ?? "")));
  expect(events).toEqual(["uses a again", "uses b", "has b", "uses a", "has a"]);
  tf.dispose([a, b]);
});

test("a loss that depends on no variable is an error", () => {
  const x = tf.variable(tf.scalar(1));
  expect(() => variableGrads(() => tf.scalar(2), [x])).toThrow("Cannot compute gradient");
  x.dispose();
});

test("what the backward pass has used is free before it ends", () => {
  const size = 1000;
  const x = tf.variable(tf.zeros([size]));
  /** The tensors of that size at the end of the backward pass through ten operations. */
  const atEnd = (grads: typeof variableGrads): number => {
    let bytes = 0;
    const first = () =>
      customGradient(
        [x],
        () => ({ value: tf.add(x, 1), saved: [] }),
        (dy) => {
          bytes = tf.memory().numBytes;
          return [tf.clone(dy)];
        },
      );
    const before = tf.memory().numBytes;
    const loss = (): tf.Scalar => {
      let y: tf.Tensor = first();
      for (let i = 0; i < 10; i++) y = tf.square(y);
      return tf.sum(y);
    };
    valuesOf(grads(loss, [x]));
    return Math.round((bytes - before) / (4 * size));
  };
  expect(atEnd(tf.variableGrads)).toBeGreaterThan(19);
  expect(atEnd(variableGrads)).toBeLessThan(6);
  x.dispose();
});

test("the backward pass makes no large arrays in JavaScript", () => {
  const x = tf.variable(tf.linspace(-1, 1, 1000));
  const write = vi.spyOn(tf.backend(), "write");
  const loss = (): tf.Scalar => tf.sum(tf.split(tf.relu(x), [100, 900])[0] ?? x);
  const [, gradients] = valuesOf(variableGrads(loss, [x]));
  // WebAssembly's backend writes null for what it computes.
  const sizes = write.mock.calls.map(
    ([values]: [{ length: number } | null, ...unknown[]]) => values?.length ?? 0,
  );
  write.mockRestore();
  expect(gradients).toHaveLength(1000);
  expect(Math.max(...sizes)).toBe(100);
  x.dispose();
});
