import { crossEntropy, Linear } from "@attend/nn";
import { RnnCell, unroll } from "@attend/recurrent";
import { AttendError, createRandom, loadEngine, tf, yieldTurn } from "@attend/runtime";
import { learnCharacters } from "@attend/text";
import type { Compute } from "./figure.ts";
import { matrixOf } from "./matrix.ts";

/** A vanilla network that learns to spell one word, letter by letter. */
export const unrolledNetwork: Compute<"unrolled-network"> = async (
  { word, units, updates, seed },
  { signal, onProgress } = {},
) => {
  const alphabet = learnCharacters([word]);
  const ids = alphabet.encode(word);
  if (ids.length < 2) {
    const message = `the word ${JSON.stringify(word)} has one letter; give at least two, so that one follows the other`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  await loadEngine();
  const random = createRandom(seed);
  const cell = new RnnCell(alphabet.size, units, random);
  const output = new Linear(units, alphabet.size, random);
  const parameters = [...cell.parameters(), ...output.parameters()];
  const optimizer = tf.train.adam(0.1);
  const steps = ids.length - 1;
  const read = () => {
    const inputs = tf.oneHot([ids.slice(0, -1)], alphabet.size, 1, 0, "float32") as tf.Tensor3D;
    const { output: states } = unroll(cell, inputs, cell.initialState(1));
    const hidden = tf.reshape<tf.Rank.R2>(states, [steps, units]);
    return { hidden, logits: output.forward(hidden) };
  };
  const loss = (): tf.Scalar =>
    tf.mean(crossEntropy(read().logits, tf.tensor1d(ids.slice(1), "int32")));
  /** The loss before the update. */
  const learn = () => tf.tidy(() => numberIn(optimizer.minimize(loss, true, parameters)));
  try {
    const losses: number[] = [];
    for (let update = 1; update <= updates; update++) {
      await yieldTurn(signal);
      losses.push(learn());
      onProgress?.(update, updates);
    }
    losses.push(tf.tidy(() => numberIn(loss())));
    return tf.tidy(() => {
      const { hidden, logits } = read();
      const [states, predictions] = [matrixOf(hidden), matrixOf(tf.softmax(logits))];
      const letters = ids.map((id) => alphabet.token(id));
      return {
        letters: Array.from({ length: alphabet.size }, (_, id) => alphabet.token(id)),
        losses,
        steps: Array.from({ length: steps }, (_, t) => ({
          input: letters[t] ?? "",
          target: letters[t + 1] ?? "",
          hidden: states[t] ?? [],
          predictions: predictions[t] ?? [],
        })),
        weights: {
          input: matrixOf(cell.inputKernel),
          recurrent: matrixOf(cell.recurrentKernel),
          output: matrixOf(output.kernel),
        },
        written: alphabet.decode(write(cell, output, ids[0] ?? 0, ids.length)),
      };
    });
  } finally {
    optimizer.dispose();
    cell.dispose();
    output.dispose();
  }
};

function numberIn(loss: tf.Scalar | null): number {
  return loss?.dataSync()[0] ?? Number.NaN;
}

/** Greedy decoding: each letter is the likeliest, and the next input. */
function write(cell: RnnCell, output: Linear, first: number, length: number): number[] {
  const written = [first];
  let state = cell.initialState(1);
  while (written.length < length) {
    const last = written.at(-1) ?? first;
    const input = tf.oneHot([last], cell.inputSize, 1, 0, "float32") as tf.Tensor2D;
    const next = cell.step(input, state);
    state = next.state;
    written.push(tf.argMax(output.forward(next.output), 1).dataSync()[0] ?? first);
  }
  return written;
}
