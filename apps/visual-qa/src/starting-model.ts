import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type AnyEncoder, encoderChannels } from "@attend/cnn-encoder";
import { findModel, readTensors, type StoredModel } from "@attend/model-folder";
import { assignWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { learnWords } from "@attend/text";
import { fusionConfigSchema, setWordVectors } from "@attend/vqa-fusion";
import { type Captions, commonWords } from "./caption-words.ts";
import type { AnswererConfig } from "./config.ts";
import { answerClasses, answerWords, type QuestionOnPhoto } from "./dataset.ts";
import { assignGrown } from "./grow.ts";
import { type AnswererModel, type AnswererTokens, answerers, program, task } from "./model.ts";
import { readsSentences } from "./sentences.ts";
import type { AnswererTraining } from "./training-config.ts";
import { readWordVectors } from "./word-vectors.ts";

/** What training starts from. */
export interface TrainingStart {
  /**
   * The folder of a model that answers questions, or of a captioner, of which only the encoder is used. Default: the
   * encoder of the shipped captioner; for a `small-cnn`, nothing.
   */
  readonly startFrom: string | undefined;
  /** Use only the encoder, not the words, answers and other weights of a model that answers questions. */
  readonly encoderOnly: boolean;
}

/** A model that answers questions, without its weights. */
interface StoredAnswerer extends StoredModel<AnswererConfig, AnswererTokens> {
  readonly folder: string;
}

/**
 * Reads the model that training continues; undefined if it uses only an encoder.
 *
 * @throws AttendError like `Models.read`
 */
export async function readStart({
  startFrom: folder,
  encoderOnly,
}: TrainingStart): Promise<StoredAnswerer | undefined> {
  if (folder === undefined || encoderOnly) return undefined;
  const found = await findModel(folder, program);
  return found.task === task ? { folder, ...(await answerers.read(folder)) } : undefined;
}

/** The questions and config of a training. */
export interface TrainingData {
  readonly config: AnswererTraining;
  readonly train: readonly QuestionOnPhoto[];
  readonly captions?: Captions | undefined;
}

/**
 * Creates a model that continues another, with its words, answers and weights. The caller disposes it. A
 * `low-rank-bilinear` fusion may become `word-guided`, and questions may be read as sentences, too; it answers as before
 * at first.
 *
 * @throws AttendError BAD_CONFIG if it does not match the config; BAD_WEIGHTS; BAD_ARGUMENT without captions
 */
export async function continueModel(
  { config, captions }: Pick<TrainingData, "config" | "captions">,
  { folder, config: saved, tokens, weights }: StoredAnswerer,
): Promise<AnswererModel> {
  const { fusion } = saved;
  if (fusion.kind === "low-rank-bilinear" && config.model.fusion.kind === "word-guided") {
    const complete = completeConfig(config, tokens, regionWordsOf({ config, captions }, tokens));
    answerers.requireSameKind(folder, saved, { ...complete, fusion });
    const random = createRandom(config.training.seed);
    return grown(answerers.create(complete, tokens, random), weights);
  }
  const words = fusion.kind === "word-guided" ? fusion.words : [];
  const complete = completeConfig(config, tokens, words);
  if (readsSentences(complete) && !readsSentences(saved)) {
    answerers.requireSameKind(folder, saved, { ...complete, fusion: withoutSentence(complete) });
    return grown(answerers.create(complete, tokens), weights);
  }
  answerers.requireSameKind(folder, saved, complete);
  return initialized(answerers.create(complete, tokens), ({ network }) =>
    answerers.loadWeights(network, weights),
  );
}

/**
 * Creates a model with the words and answers of questions. The caller disposes it.
 *
 * @param encoder the folder of the model whose encoder is used
 * @throws AttendError FILE_NOT_FOUND, BAD_WEIGHTS; BAD_CONFIG if the encoder would learn nothing; BAD_DATA if no
 *   question has an answer; DATA_MISSING if the word vectors are not installed
 */
export async function createModel(
  { config, train, captions }: TrainingData,
  encoder: string | undefined,
  note: (message: string) => void,
): Promise<AnswererModel> {
  const tokens = learnTokens({ config, train });
  const words = regionWordsOf({ config, captions }, tokens);
  const vocabulary = Array.from({ length: tokens.words.size }, (_, id) => tokens.words.token(id));
  const vectors = config.wordVectors && (await readWordVectors(config.wordVectors, vocabulary));
  const random = createRandom(config.training.seed);
  const model = answerers.create(completeConfig(config, tokens, words), tokens, random);
  return initialized(model, async ({ network }) => {
    await loadEncoder(network.encoder, encoder, config);
    if (vectors === undefined) return;
    const { embedding } = network.fusion;
    const known = setWordVectors(embedding, vocabulary, (word) => vectors.get(word));
    note(`${known} of ${vocabulary.length} words start from ${config.wordVectors}`);
  });
}

/** The fusion without what reads questions as sentences. */
function withoutSentence({ fusion }: AnswererConfig): AnswererConfig["fusion"] {
  const question = "question" in fusion && { ...fusion.question, sentence: undefined };
  return fusionConfigSchema.parse({ ...fusion, question });
}

/** The model with the weights of a smaller one. */
function grown(model: AnswererModel, weights: string): Promise<AnswererModel> {
  return initialized(model, async ({ network }) =>
    assignGrown(network, await readTensors(weights), weights),
  );
}

async function initialized(
  model: AnswererModel,
  initialize: (model: AnswererModel) => Promise<void>,
): Promise<AnswererModel> {
  try {
    await initialize(model);
    return model;
  } catch (thrown) {
    model.network.dispose();
    throw thrown;
  }
}

/** @throws AttendError BAD_ARGUMENT without captions */
function regionWordsOf(
  { config, captions = new Map() }: Pick<TrainingData, "config" | "captions">,
  { words }: AnswererTokens,
): number[] {
  if (config.model.fusion.kind !== "word-guided") return [];
  const common = commonWords(captions, words, config.regionWords);
  if (common.length > 0) return common;
  const message =
    'a "word-guided" fusion learns words that captions and questions share, and there are none; pass the photos\' --captions, or choose another fusion';
  throw new AttendError("BAD_ARGUMENT", message);
}

function learnTokens({ config, train }: Pick<TrainingData, "config" | "train">): AnswererTokens {
  const answers =
    config.answers.kind === "classes"
      ? answerClasses(train, config.answers.count)
      : answerWords(train, config.answers.minCount);
  if (answers.length === 0) {
    throw new AttendError(
      "BAD_DATA",
      "no question to train on has an answer; give some with answers",
    );
  }
  const questions = train.map(({ question }) => question);
  return { words: learnWords(questions, { minCount: config.minCount }), answers };
}

function completeConfig(
  config: AnswererTraining,
  tokens: AnswererTokens,
  words: readonly number[],
): AnswererConfig {
  const { fusion, ...model } = config.model;
  const sizes = { vocabularySize: tokens.words.size, channels: encoderChannels(model.encoder) };
  const found = fusion.kind === "word-guided" && { words };
  return {
    ...model,
    fusion: { ...fusion, ...sizes, ...found },
    answers: headOf(config),
    temperature: 1,
    threshold: 0,
  };
}

function headOf({ answers }: AnswererTraining): AnswererConfig["answers"] {
  if (answers.kind === "classes") return { kind: answers.kind, loss: answers.loss };
  const { minCount, ...head } = answers;
  return head;
}

/** Loads the encoder of a model of any task; one that is trained from scratch needs none. */
async function loadEncoder(
  encoder: AnyEncoder,
  startFrom: string | undefined,
  config: AnswererTraining,
): Promise<void> {
  if (startFrom === undefined && config.model.encoder.kind === "small-cnn") {
    if (config.encoder === "end-to-end") return;
    const message =
      'a "small-cnn" that is "frozen" learns nothing; set "encoder" to "end-to-end" in the --config, or --start-from a model';
    throw new AttendError("BAD_CONFIG", message);
  }
  const shipped = () =>
    dirname(fileURLToPath(import.meta.resolve("@attend/captioner/package.json")));
  const { weights } = await findModel(startFrom ?? shipped(), program);
  const tensors = await readTensors(weights);
  const prefix = "encoder.";
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  const named = new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  assignWeights(encoder, named, weights);
}
