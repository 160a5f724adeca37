import { customGradients, tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "../cell.ts";
import type { Piece } from "../piece.ts";
import { stateFrom, tensorsOf } from "../state.ts";

/** The output and the tensors of the state. */
type Values = [output: tf.Tensor3D, ...states: tf.Tensor2D[]];

interface Segment {
  readonly from: number;
  readonly steps: number;
  readonly run: (input: tf.Tensor3D, states: readonly tf.Tensor2D[]) => Values;
}

/**
 * Runs a sequence in about sqrt(steps) segments and keeps the states between them; the backward pass
 * reruns each segment. See `UnrollOptions.checkpoint`.
 */
export function checkpointed<State extends CellState>(
  cell: Cell<State>,
  piece: Piece<State>,
  input: tf.Tensor3D,
  initial: State,
): Unrolled<State> {
  const { stateSizes } = cell;
  const parameters = [...cell.trainableParameters().values()];
  const first = tensorsOf(stateSizes, initial);
  const segments: Segment[] = [];
  const [output, ...last] = customGradients<Values>(
    [input, ...first, ...parameters],
    () => {
      const steps = input.shape[1];
      const size = Math.ceil(Math.sqrt(steps));
      const saved: tf.Tensor[] = [input];
      const outputs: tf.Tensor3D[] = [];
      let states = first;
      for (let from = 0; from < steps; from += size) {
        const to = Math.min(from + size, steps);
        const runPiece = piece(from, to);
        const run: Segment["run"] = (x, tensors) => {
          const { output, state } = runPiece(x, stateFrom(stateSizes, tensors));
          return [output, ...tensorsOf(stateSizes, state)];
        };
        const segment = { from, steps: to - from, run };
        segments.push(segment);
        saved.push(...states);
        const before = states;
        const [segmentOutput, ...next] = tf.tidy(() => run(partOf(input, segment), before));
        outputs.push(segmentOutput);
        states = next;
      }
      return { values: [tf.concat3d(outputs, 1), ...states], saved };
    },
    (dys, [x, ...states]) =>
      backwards(segments, x as tf.Tensor3D, states as tf.Tensor2D[], dys, parameters),
  );
  return { output, state: stateFrom(stateSizes, last) };
}

/** The gradients of the input, the initial states and the parameters, from the last segment to the first. */
function backwards(
  segments: readonly Segment[],
  input: tf.Tensor3D,
  saved: readonly tf.Tensor2D[],
  [dOutput, ...dLast]: Values,
  parameters: readonly tf.Tensor[],
): tf.Tensor[] {
  const dInputs: tf.Tensor[] = [];
  let dStates: tf.Tensor[] = dLast;
  let sums = parameters.map((parameter) => tf.zerosLike(parameter));
  for (const [i, segment] of [...segments.entries()].reverse()) {
    const states = saved.slice(i * dLast.length, (i + 1) * dLast.length);
    const [dInput, ...others] = tf.tidy(() => {
      const part = partOf(input, segment);
      const dValues = [partOf(dOutput, segment), ...dStates];
      const loss = (): tf.Scalar => {
        const values = segment.run(part, states);
        return tf.addN(values.map((value, j) => tf.sum(tf.mul(value, dValues[j] ?? 0))));
      };
      const gradients = gradientsOf(loss, [part, ...states, ...parameters]);
      const ofParameters = gradients.splice(1 + states.length);
      return [...gradients, ...ofParameters.map((gradient, j) => tf.add(gradient, sums[j] ?? 0))];
    });
    if (i < segments.length - 1) tf.dispose(dStates); // The caller owns those of the last segment.
    tf.dispose(sums);
    if (dInput !== undefined) dInputs.unshift(dInput);
    sums = others.splice(dLast.length);
    dStates = others;
  }
  return [tf.concat(dInputs, 1), ...dStates, ...sums];
}

function partOf(sequence: tf.Tensor3D, { from, steps }: Segment): tf.Tensor3D {
  return tf.slice(sequence, [0, from, 0], [-1, steps, -1]);
}

/** The gradients of a scalar with respect to `xs` (zero if independent), inside a backward pass. */
function gradientsOf(f: () => tf.Scalar, xs: tf.Tensor[]): tf.Tensor[] {
  const { state } = tf.engine();
  // TensorFlow.js has a single tape, which the surrounding backward pass still needs.
  const tape = state.activeTape;
  try {
    const { grads } = tf.engine().gradients(f, xs, undefined, true);
    return xs.map((x, i) => grads[i] ?? tf.zerosLike(x));
  } finally {
    state.activeTape = tape;
  }
}
