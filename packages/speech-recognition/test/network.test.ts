import { ctcLoss } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  expectTrainingStep,
  useEngine,
} from "@attend/test-kit";
import { expect, test } from "vitest";
import { batched } from "../src/batched.ts";
import { networkConfigSchema } from "../src/network/config.ts";
import { SpeechNetwork } from "../src/network/speech-network.ts";

useEngine();

const [bands, labels] = [6, 3];

function makeNetwork(channels = [2, 3], dropout = 0): SpeechNetwork {
  const config = networkConfigSchema.parse({
    listener: { channels, units: 3, layers: 2, dropout },
    speller: { hiddenSize: 4, dropout },
  });
  return new SpeechNetwork(config, { bands, labels }, createRandom(5));
}

function features(frames: number, seed: number) {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: frames * bands }, () => random.normal());
  return { frames, size: bands, data };
}

test("a sequence is heard alike alone and in a batch with longer ones", async () => {
  const network = makeNetwork();
  await expectNoLeak(() =>
    tf.tidy(() => {
      const all = [features(7, 1), features(13, 2), features(10, 3)];
      const together = batched(all);
      const heard = network.hear(together.features, together.lengths);
      const frames = network.frames(heard);
      for (const [row, each] of all.entries()) {
        const single = batched([each]);
        const alone = network.hear(single.features, single.lengths);
        expect(alone.lengths).toEqual([network.listener.stepsOf(each.frames)]);
        expectClose(
          network.frames(alone)[0]?.logProbabilities ?? [],
          frames[row]?.logProbabilities ?? [],
          1e-4,
        );
        expectClose(alone.summary, tf.slice(heard.summary, [row, 0], [1, -1]), 1e-4);
      }
    }),
  );
  network.dispose();
});

test("steps halve with the first convolution and with each LSTM but the first", () => {
  const network = makeNetwork();
  expect([1, 2, 3, 4, 5, 13].map((frames) => network.listener.stepsOf(frames))).toEqual([
    1, 1, 1, 1, 2, 4,
  ]);
  network.dispose();
});

test("the gradient of the LSTMs is the numeric gradient", () => {
  // Without convolutions, as the kinks of their rectified units spoil differences.
  const network = makeNetwork([]);
  const { features: input, lengths } = batched([features(9, 4), features(12, 5)]);
  const loss = () => {
    const heard = network.hear(input, lengths);
    return tf.sum<tf.Scalar>(
      ctcLoss(network.logits(heard), [[0, 1], [2]], { lengths: heard.lengths }),
    );
  };
  const heardBy = new Map(
    [...network.namedParameters()].filter(([name]) => !name.startsWith("speller")),
  );
  checkVariableGradients(loss, heardBy);
  network.dispose();
  input.dispose();
});

test("dropout needs random numbers, and a step of training changes every weight", () => {
  const network = makeNetwork([2], 0.5);
  const { features: input, lengths } = batched([features(9, 6)]);
  tf.tidy(() => {
    const output = (seed?: number) =>
      network
        .hear(input, lengths, seed === undefined ? undefined : createRandom(seed))
        .output.dataSync();
    expect(output()).toEqual(output());
    expect(output(1)).not.toEqual(output(2));
  });
  const loss = () => {
    const heard = network.hear(input, lengths, createRandom(1));
    const spelled = network.speller?.start(network.encoding(heard)).moving.layers ?? [];
    const all = [ctcLoss(network.logits(heard), [[1]], { lengths: heard.lengths })];
    expect(spelled).toHaveLength(1);
    return tf.sum<tf.Scalar>(tf.concat(all));
  };
  const own = new Map(
    [...network.namedParameters()].filter(([name]) => !name.startsWith("speller")),
  );
  expectTrainingStep(loss, own);
  network.dispose();
  input.dispose();
});
