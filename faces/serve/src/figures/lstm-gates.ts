import { type LanguageNetwork, languageModels } from "@attend/language-model";
import type { Embedding } from "@attend/nn";
import { type Cell, DropoutCell, LstmCell, Stack, unroll } from "@attend/recurrent";
import { AttendError, highest, tf } from "@attend/runtime";
import type { Compute } from "./figure.ts";
import { LstmRecorder } from "./lstm-recorder.ts";
import { matrixOf } from "./matrix.ts";

/** What the gates of the shipped Shakespeare model do, character by character. */
export const lstmGates: Compute<"lstm-gates"> = async ({ text, layer, units }) => {
  const { network, tokens } = await languageModels.load();
  try {
    const unknown = [...text].find((character) => !tokens.knows(character));
    if (unknown !== undefined) {
      const message = `the text has ${JSON.stringify(unknown)}, which the model never saw in training; leave it out`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const { layers, connections } = network.recurrent;
    return tf.tidy(() => {
      const recorder = new LstmRecorder(lstmOf(layers[layer - 1]));
      const watched = layers.map((each, i) => (i === layer - 1 ? recorder : each));
      const stack = new Stack(watched, { connections });
      const ids = tokens.encode(text);
      const input = embeddingOf(network).forward(tf.tensor2d([ids], undefined, "int32"));
      const { output } = unroll(stack, input as tf.Tensor3D, stack.initialState(1));
      const features = tf.reshape<tf.Rank.R2>(output, [ids.length, stack.units]);
      const probabilities = matrixOf(tf.softmax(network.project(features)));
      const { steps } = recorder;
      const byStep = (name: keyof (typeof steps)[number], unit: number) =>
        steps.map((step) => step[name][unit] ?? 0);
      return {
        characters: ids.map((id) => tokens.token(id)),
        units: mostChanging(
          steps.map(({ cell }) => cell),
          units,
        ).map((unit) => ({
          unit,
          input: byStep("input", unit),
          forget: byStep("forget", unit),
          output: byStep("output", unit),
          candidate: byStep("candidate", unit),
          cell: byStep("cell", unit),
          hidden: byStep("hidden", unit),
        })),
        means: {
          input: steps.map((step) => mean(step.input)),
          forget: steps.map((step) => mean(step.forget)),
          output: steps.map((step) => mean(step.output)),
        },
        predictions: probabilities.map((row) =>
          highest(row, 3).map((id) => ({
            character: tokens.token(id),
            probability: row[id] ?? 0,
          })),
        ),
      };
    });
  } finally {
    network.dispose();
  }
};

function embeddingOf({ embedding }: LanguageNetwork): Embedding {
  if (embedding !== undefined) return embedding;
  throw new TypeError("the language model has no embedding");
}

function lstmOf(cell: Cell | undefined): LstmCell {
  const inner = cell instanceof DropoutCell ? cell.cell : cell;
  if (inner instanceof LstmCell) return inner;
  throw new TypeError("the layer of the language model is not an LSTM");
}

/** The units whose values vary most over the steps, the most varying first. */
function mostChanging(steps: readonly (readonly number[])[], count: number): number[] {
  const variances = (steps[0] ?? []).map((_, unit) => {
    const values = steps.map((step) => step[unit] ?? 0);
    const center = mean(values);
    return mean(values.map((value) => (value - center) ** 2));
  });
  return highest(variances, count);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
