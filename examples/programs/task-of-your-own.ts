/**
 * Your own task in the trainer: two layers learn XOR. Schedules, exact resume and logs are included.
 *
 *     pnpm example task-of-your-own runs/xor
 */
import { crossEntropy, Linear, Module } from "@attend/nn";
import { createRandom, loadEngine, tf } from "@attend/runtime";
import { parseTrainingConfig, type TrainingTask, train } from "@attend/training";

class Network extends Module {
  readonly hidden = new Linear(2, 8, createRandom(1));
  readonly output = new Linear(8, 2, createRandom(2));

  logits(input: tf.Tensor2D): tf.Tensor2D {
    return this.output.forward(tf.tanh(this.hidden.forward(input)));
  }
}

await loadEngine();
const network = new Network();
const input = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
const labels = tf.tensor1d([0, 1, 1, 0], "int32");

const task: TrainingTask<"all", tf.Tensor2D> = {
  plan: () => ["all"], // one batch per epoch
  load: async () => input.clone(),
  loss: (batch) => ({ loss: tf.mean(crossEntropy(network.logits(batch), labels)), items: 4 }),
  release: (batch) => batch.dispose(),
};
const countCorrect = () => tf.sum(tf.equal(tf.argMax(network.logits(input), 1), labels));
const validate = async () => ({ correct: tf.tidy(countCorrect).dataSync()[0] ?? 0 });
const optimizer = { name: "adam", learningRate: 0.05 };
const config = parseTrainingConfig({ epochs: 100, optimizer }, "xor");
const out = process.argv[2] ?? "runs/xor";
const { metrics } = await train(network, task, config, { out, resume: true, validate });
console.log(metrics);
