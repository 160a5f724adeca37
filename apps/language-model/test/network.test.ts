import { beamSearch, decodeEach } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import type { LanguageNetwork, LanguageState } from "../src/network.ts";
import { createConfidentNetwork, createNetwork, line } from "./models.ts";

useEngine();

const configs = {
  embedding: {},
  "one-hot": { embedding: "one-hot", recurrent: { cell: "rnn", units: 8 } },
  "tied weights": { tiedWeights: true, recurrent: { cell: "gru", units: 6 } },
  "tied weights through a projection": { tiedWeights: true },
  "dense connections": { recurrent: { cell: "gru", units: 5, layers: 3, connections: "dense" } },
};

function logitsOf(network: LanguageNetwork, ids: tf.Tensor2D, state: LanguageState) {
  const read = network.features(ids, state);
  const flat = tf.reshape<tf.Rank.R2>(read.features, [ids.size, -1]);
  return { logits: network.project(flat), state: read.state };
}

describe.each(Object.entries(configs))("%s", (_, config) => {
  test("has correct gradients for all parameters", () => {
    const { network, characters } = createNetwork(config);
    tf.tidy(() => {
      const ids = tf.tensor2d(characters.encode(line.slice(0, 4)), [2, 2], "int32");
      const targets = tf.tensor1d([1, 2, 3, 4], "int32");
      const loss = () =>
        tf.mean(crossEntropy(logitsOf(network, ids, network.start(2)).logits, targets));
      checkVariableGradients(loss, network.trainableParameters());
    });
    network.dispose();
  });

  test("reads in parts as it does at once, and leaks no tensor", async () => {
    const { network, characters } = createNetwork(config);
    await expectNoLeak(() =>
      tf.tidy(() => {
        const ids = tf.tensor2d(characters.encode(line), [1, line.length], "int32");
        const complete = logitsOf(network, ids, network.start(1));
        const [first, second] = tf.split(ids, [9, line.length - 9], 1) as [
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        const start = logitsOf(network, first, network.start(1));
        const rest = logitsOf(network, second, start.state);
        expectClose(tf.concat([start.logits, rest.logits], 0), complete.logits);
      }),
    );
    network.dispose();
  });

  test("steps equal one pass over the sequence, in any order of rows", () => {
    const { network, characters } = createNetwork(config);
    tf.tidy(() => {
      const ids = tf.tensor2d(characters.encode(line.slice(0, 8)), [2, 4], "int32");
      const { logits } = logitsOf(network, ids, network.start(2));
      const swap = tf.tensor1d([1, 0], "int32");
      let state = network.start(2);
      const steps = tf.unstack(ids, 1).map((tokens, step) => {
        const column: tf.Tensor1D = tf.reshape(tokens, [-1]);
        if (step > 0) state = network.reorder(state, swap);
        const swapped = step % 2 === 1;
        const stepped = network.step(swapped ? tf.gather(column, swap) : column, state);
        state = stepped.state;
        return swapped ? tf.gather(stepped.logits, swap) : stepped.logits;
      });
      expectClose(tf.reshape(tf.stack(steps, 1), [8, -1]), logits);
    });
    network.dispose();
  });
});

test("can be searched like any decoder", async () => {
  const { network, characters } = createConfidentNetwork();
  const [start = 0, end = 0] = characters.encode("\ns");
  const special = { start, end, suppressed: [0] };
  const options = { maxLength: 12 };
  await expectNoLeak(() => {
    const [greedy] = decodeEach(network, 1, special, options);
    const [[narrow] = []] = beamSearch(network, 1, special, { ...options, beamWidth: 1 });
    const [[best] = []] = beamSearch(network, 1, special, { ...options, beamWidth: 4 });
    expect(narrow?.tokens).toEqual(greedy?.tokens);
    expect(best?.score).toBeGreaterThanOrEqual(greedy?.score ?? 0);
  });
  network.dispose();
});

test("the initial loss is that of a uniform guess", () => {
  const { network, characters } = createNetwork();
  tf.tidy(() => {
    const ids = characters.encode(line);
    const inputs = tf.tensor2d(ids.slice(0, -1), [1, ids.length - 1], "int32");
    const { logits } = logitsOf(network, inputs, network.start(1));
    const loss = tf.mean(crossEntropy(logits, tf.tensor1d(ids.slice(1), "int32")));
    expect(Math.abs(loss.dataSync()[0]! - Math.log(characters.size))).toBeLessThan(0.1);
  });
  network.dispose();
});

test("dropout drops the same features at every step, and none without a generator", () => {
  const recurrent = { cell: "rnn", units: 200 };
  const config = { outputDropout: 0.5, recurrent };
  const { network } = createNetwork(config);
  tf.tidy(() => {
    const ids = tf.zeros<tf.Rank.R2>([3, 5], "int32");
    const read = (random?: ReturnType<typeof createRandom>) =>
      network.features(ids, network.start(3), { random }).features;
    const dropped = tf.cast(tf.equal(read(createRandom(1)), 0), "float32");
    expectClose(dropped, tf.tile(tf.slice(dropped, [0, 0, 0], [3, 1, 200]), [1, 5, 1]), 0);
    const rate = tf.mean(dropped).dataSync()[0]!;
    expect(rate).toBeGreaterThan(0.4);
    expect(rate).toBeLessThan(0.6);
    expect(tf.sum(tf.cast(tf.equal(read(), 0), "int32")).dataSync()[0]).toBe(0);
  });
  network.dispose();
});

test("tied weights need an embedding", () => {
  expect(() => createNetwork({ embedding: "one-hot", tiedWeights: true })).toThrow(
    'tied weights need an embedding; give \\"embedding\\" a size',
  );
});
