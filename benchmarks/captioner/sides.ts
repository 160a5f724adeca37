import { sidesBeside } from "../support/sides.ts";

export const { startTorch, sides } = sidesBeside(import.meta.url);

/** The arguments of every part of the benchmark. */
export interface Setting {
  /** The folder of the model that both sides load. */
  readonly model: string;
  readonly photos: readonly string[];
  /** A folder for files, deleted at the end. */
  readonly temporary: string;
  /** Fewer repetitions. */
  readonly quick: boolean;
}

/** The result of `caption` on either side. */
export interface Captioned {
  readonly captions: readonly {
    readonly tokens: readonly string[];
    readonly logProbability: number;
  }[];
  /** Milliseconds of each photo. */
  readonly times: readonly number[];
}
