import type { AboutFigure, FigureData, FigureInput, FigureName } from "../schemas/figures.ts";

/** What a computation may use while it runs. */
export interface FigureContext {
  /** Stops it before its next step. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A figure: what is said about it, and how it is computed. */
export interface Figure<Name extends FigureName> {
  readonly about: Omit<AboutFigure, "name">;
  /**
   * Loads the engine if none is loaded; all tensors are freed.
   *
   * @throws AttendError BAD_ARGUMENT if the input does not fit a model; INTERRUPTED
   */
  compute(input: FigureInput<Name>, context?: FigureContext): Promise<FigureData<Name>>;
}
