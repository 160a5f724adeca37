import { createRandom, type Random, type tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "./cell.ts";
import { isRagged } from "./lengths.ts";

type Run<State> = (input: tf.Tensor3D, state: State) => Unrolled<State>;

/** Returns a function that runs the steps `from` to `to` of a sequence, repeatably. */
export type Piece<State> = (from: number, to: number) => Run<State>;

/** Runs a sequence in pieces, which must be requested in order. */
export function pieceOf<State extends CellState>(
  cell: Cell<State>,
  batch: number,
  lengths: readonly number[] | undefined,
  random: Random | undefined,
): Piece<State> {
  // Separate generators: the masks are the same in all pieces, the noise of steps continues.
  const masks = random?.fork().state;
  let noise = random?.fork().state;
  return (from, to) => {
    const clamped = lengths?.map((length) => Math.min(Math.max(length - from, 0), to - from));
    const ragged = isRagged(clamped, to - from) ? clamped : undefined;
    const before = noise;
    return (input, state) => {
      if (masks === undefined || before === undefined) return cell.sequence(input, state, ragged);
      const stepRandom = createRandom(before);
      const running = cell.drawn({ batch, random: createRandom(masks), stepRandom });
      const result = running.sequence(input, state, ragged);
      noise = stepRandom.state;
      return result;
    };
  };
}
