import type { CaptionedImage } from "@attend/datasets";
import type { TrainingEvent } from "@attend/training";
import type { CaptionerTraining } from "./training-config.ts";

/** A training with all that it is made of. */
export interface CaptionerTrainingRun {
  readonly config: CaptionerTraining;
  readonly train: readonly CaptionedImage[];
  /** Never trained on: chooses the best weights and is what the figures are of. */
  readonly validation: readonly CaptionedImage[];
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly start: TrainingStart;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly report: TrainingReport;
}

/** What a training starts with. */
export interface TrainingStart {
  /** A captioner's folder, or PyTorch's safetensors of EfficientNet-Lite. */
  readonly startFrom: string;
  /** Only the encoder is taken, and not the words and the decoder of a whole captioner. */
  readonly encoderOnly: boolean;
}

/** How a training tells what it does. */
export interface TrainingReport {
  /** What a person should know, one line. */
  note(message: string): void;
  /** How many photos were found whole or broken. */
  checked(done: number, total: number): void;
  stage(name: string, place: number, stages: number): void;
  features(done: number, total: number): void;
  event(event: TrainingEvent): void;
}
