import { createRandom, type Random, type tf } from "@attend/runtime";
import type { Cell, CellState, Unrolled } from "./cell.ts";
import { isRagged } from "./lengths.ts";

type Run<State> = (input: tf.Tensor3D, state: State) => Unrolled<State>;

/** What runs the steps from `from` to `to` of a sequence, once or again with the same result. */
export type Piece<State> = (from: number, to: number) => Run<State>;

/** Runs a sequence in pieces, asked for in their order. */
export function pieceOf<State extends CellState>(
  cell: Cell<State>,
  batch: number,
  lengths: readonly number[] | undefined,
  random: Random | undefined,
): Piece<State> {
  // Generators of their own: the masks are the same in each piece, the noise of the steps goes on.
  const masks = random?.fork().state;
  let noise = random?.fork().state;
  return (from, to) => {
    const clamped = lengths?.map((length) => Math.min(Math.max(length - from, 0), to - from));
    const own = isRagged(clamped, to - from) ? clamped : undefined;
    const before = noise;
    return (input, state) => {
      if (masks === undefined || before === undefined) return cell.sequence(input, state, own);
      const stepRandom = createRandom(before);
      const running = cell.drawn({ batch, random: createRandom(masks), stepRandom });
      const ran = running.sequence(input, state, own);
      noise = stepRandom.state;
      return ran;
    };
  };
}
