import { encoderSchema } from "@attend/cnn-encoder";
import { attentionDecoderConfigSchema } from "@attend/rnn-decoder";
import { fusionConfigSchema } from "@attend/vqa-fusion";
import { z } from "zod";

const count = z.number().int().positive();
const size = count.default(256);

/** Chooses among the most common answers: one is right, or several, each with a probability of its own. */
export const classesSchema = z.strictObject({
  kind: z.literal("classes"),
  loss: z.enum(["softmax", "several"]).default("softmax"),
});

/** Answers word by word, so that there may be answers that no one gave before. */
export const generatedSchema = attentionDecoderConfigSchema
  .omit({ vocabularySize: true, memorySize: true, objectWords: true })
  .extend({
    kind: z.literal("generated"),
    ...{ embeddingSize: size, hiddenSize: size, attentionSize: size },
    /** In words; longer answers are not learned. */
    maxLength: count.default(6),
    /** How many answers are compared. */
    beamWidth: count.default(6),
  });

/** The config.json of a model that answers questions. */
export const answererConfigSchema = z.strictObject({
  encoder: encoderSchema,
  /** Photos are resized to this many pixels per side. */
  imageSize: count,
  fusion: fusionConfigSchema,
  answers: z
    .discriminatedUnion("kind", [classesSchema, generatedSchema])
    .prefault({ kind: "classes" }),
  /** Of the joint vector's features, before the answers are scored. */
  dropout: z.number().min(0).lt(1).default(0),
  /** Longer questions are cut off. */
  maxWords: count.default(40),
  /** Divides the logits, so that probabilities are right as often as they say (Guo et al. 2017). */
  temperature: z.number().positive().default(1),
  /** An answer with a lower probability is reported as not sure. */
  threshold: z.number().min(0).max(1).default(0),
});

/** The configuration of a model that answers questions, with every default filled in. */
export type AnswererConfig = z.output<typeof answererConfigSchema>;
