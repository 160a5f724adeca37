import { defineModel, type Model } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { parseTokenizer, Words } from "@attend/text";
import { z } from "zod";
import { type AnswererConfig, answererConfigSchema } from "./config.ts";
import { AnsweringNetwork } from "./network.ts";

/** The words of questions; and the answers in the order of their classes, or the words of generated ones. */
export interface AnswererTokens {
  readonly words: Words;
  readonly answers: readonly string[];
}

/** A model that answers questions; its owner disposes the network. */
export type AnswererModel = Model<AnswererConfig, AnswererTokens, AnsweringNetwork>;

/** The models' task in config.json. */
export const task = "visual-qa";
/** The program whose `train` writes them. */
export const program = "attend-vqa";

/** Model folders of answerers: load, save, average, and the shipped one. */
export const answerers = defineModel({
  task,
  program,
  config: answererConfigSchema,
  tokens: { parse: parseTokens, toJSON: (tokens: AnswererTokens) => tokens },
  build: (config, { answers }, random) => new AnsweringNetwork(config, answers, random),
  kindOf,
  shipped: () => import.meta.resolve("@attend/answerer/package.json"),
});

/** Dropout and loss can differ between trainings, and the search between uses. */
const changeable = /(dropout|^leftOut|^loss|^maxLength|^beamWidth)$/i;

/** The settings that weights depend on. */
function kindOf({ encoder, fusion, imageSize, answers }: AnswererConfig): object {
  const kind: object = JSON.parse(
    JSON.stringify({ encoder, imageSize, fusion, answers }, (key, value: unknown) =>
      changeable.test(key) ? undefined : value,
    ),
  );
  return kind;
}

const tokensSchema = z.strictObject({
  words: z.unknown(),
  answers: z.array(z.string().min(1)).min(1),
});

function parseTokens(json: unknown, file: string): AnswererTokens {
  const parsed = tokensSchema.safeParse(json);
  const words = parsed.success ? parseTokenizer(parsed.data.words, `${file}, "words"`) : undefined;
  if (parsed.success && words instanceof Words) return { words, answers: parsed.data.answers };
  throw new AttendError(
    "BAD_DATA",
    `${file} does not contain the "words" and "answers" of a model that answers questions; copy it again, or train the model again`,
  );
}
