import { z } from "zod";

const factors = (low: number, high: number) =>
  z
    .tuple([z.number().positive(), z.number().positive()])
    .refine(([from, to]) => from <= to, "give the smaller factor first")
    .default([low, high]);
const share = z.number().min(0).max(1);

/** How recordings are varied in training; plain JSON. */
export const augmentationSchema = z.strictObject({
  /** Tempo and pitch by the same factor. */
  speed: factors(0.85, 1.2),
  tempo: factors(0.9, 1.15),
  pitch: factors(0.9, 1.1),
  /** The most frames that are cut off at each end of a recording. */
  trim: z.number().int().nonnegative().default(0),
  /** Of recordings to which noise is added, which begins and ends with them. */
  recordingNoise: share.default(0),
  /** Of utterances to which noise is added, also in the pauses. */
  noise: share.default(0.5),
  /** The noise's loudest band below that of the speech, in nats. */
  noiseBelow: z.tuple([z.number(), z.number()]).default([5, 12]),
  /** The noise's highest band above its lowest, in nats; for white noise, about 7. */
  noiseSlope: z.tuple([z.number(), z.number()]).default([-2, 2]),
  /** How much bands are changed as by another microphone. */
  equalize: z.number().nonnegative().default(0.5),
  /** Of utterances that are several recordings of a speaker, one after another, with pauses. */
  joined: share.default(0.5),
  /** The most recordings of an utterance. */
  maxJoined: z.number().int().min(2).default(5),
  /** Epochs until that share is reached; single recordings are learned first. */
  joinedFrom: z.number().int().nonnegative().default(3),
  /** Noise without speech, as a share of the utterances. */
  wordless: share.default(0.04),
  mask: z
    .strictObject({
      bands: z.number().int().nonnegative().default(5),
      frames: z.number().int().nonnegative().default(4),
    })
    .prefault({}),
});

export type Augmentation = z.output<typeof augmentationSchema>;
