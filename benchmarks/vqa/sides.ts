import { sidesBeside } from "../support/sides.ts";

export const { sides } = sidesBeside(import.meta.url);

/** The arguments of every part of the benchmark. */
export interface Setting {
  /** The folder of the model that both sides load. */
  readonly model: string;
  readonly photos: readonly string[];
  /** Sixty files, since the answerer keeps the last photos. */
  readonly manyPhotos: readonly string[];
  readonly questions: readonly string[];
  /** The questions as token ids, which the PyTorch side reads. */
  readonly ids: readonly (readonly number[])[];
  /** A folder for files, deleted at the end. */
  readonly temporary: string;
  /** Fewer repetitions. */
  readonly quick: boolean;
}
