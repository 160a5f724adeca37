import type { FigureData, FigureInput, FigureName } from "../schemas/figures.ts";

/** What a computation may use while it runs. */
export interface FigureContext {
  /** Stops it before its next step. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Computes a figure. It loads the engine if none is loaded, and frees all tensors.
 *
 * @throws AttendError BAD_ARGUMENT if the input does not fit a model; INTERRUPTED
 */
export type Compute<Name extends FigureName> = (
  input: FigureInput<Name>,
  context?: FigureContext,
) => Promise<FigureData<Name>>;
