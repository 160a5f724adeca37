/** What every training is told. */
export interface TeachOptions {
  /** The folder of the model. */
  readonly out: string;
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as the training goes on. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
