import type { LoadingImage } from "@attend/cnn-encoder";
import type { LoadOptions } from "@attend/model-folder";
import { AttendError, tf, yieldTurn } from "@attend/runtime";
import type { SentenceVectors } from "@attend/sentence-vectors";
import { type AnswerResult, resultOf } from "./answer-result.ts";
import type { AskOptions, Photo, QuestionRow } from "./asking.ts";
import type { AnswererConfig } from "./config.ts";
import { disposeQuestions, encodeQuestion, questionBatch } from "./dataset.ts";
import { type AnswererModel, answerers } from "./model.ts";
import { PhotoMemory, type SeenPhotos } from "./photo-memory.ts";
import { batchRows, type RowBatch } from "./row-batches.ts";
import { type Scored, scoreAll } from "./scored.ts";
import { adviceOf, loadSentences } from "./sentences.ts";

export type { AnswerResult } from "./answer-result.ts";
export type { AskOptions, Photo, QuestionRow } from "./asking.ts";

/** Which model to load, on which engine. */
export interface AnswererOptions extends LoadOptions {
  /** A model's folder, or the output folder of its training. */
  readonly model?: string | undefined;
}

/** What became of a row. */
export type AnswerOutcome<Row> =
  | { readonly row: Row; readonly result: AnswerResult; readonly error?: never }
  | { readonly row: Row; readonly error: AttendError; readonly result?: never };

/**
 * Loads an engine and a model. The caller closes the answerer.
 *
 * @throws AttendError FILE_NOT_FOUND if the folder or one of its files is missing; BAD_CONFIG, BAD_DATA or
 *   BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadAnswerer({
  model,
  engine,
  precision,
}: AnswererOptions = {}): Promise<Answerer> {
  const loaded = await answerers.load(model, { engine, precision });
  try {
    return new Answerer(loaded, await loadSentences(loaded.config, { engine }));
  } catch (thrown) {
    loaded.network.dispose();
    throw thrown;
  }
}

/** Rows about photos, which may be read already. */
interface BatchToAsk<Row extends QuestionRow> extends RowBatch<Row> {
  readonly images?: readonly LoadingImage[];
}

/** A question, and its vector as a sentence if the model reads it. */
interface AskedRow extends QuestionRow {
  readonly sentence: Float32Array | undefined;
}

const unseen = { seen: undefined, errors: new Map<Photo, AttendError>() } as const;

/** Answers questions about photos. Created by `loadAnswerer`; `close` frees its memory. */
export class Answerer {
  readonly config: AnswererConfig;
  /** What to install for the sentence vectors that the model was trained with, in one line for a user; undefined if nothing. */
  readonly advice: string | undefined;
  readonly #model: AnswererModel;
  readonly #sentences: SentenceVectors | undefined;
  readonly #photos: PhotoMemory;
  #closed = false;

  /** Takes ownership of the model, and of the vectors of questions as sentences, which a model may read. */
  constructor(model: AnswererModel, sentences?: SentenceVectors) {
    this.#model = model;
    this.#sentences = sentences;
    this.advice = adviceOf(model.config, sentences);
    this.#photos = new PhotoMemory(model);
    this.config = model.config;
  }

  /**
   * Answers one question. The photo of the last question is kept, so that another question about it takes little time.
   *
   * @throws AttendError like `loadImage` if the photo cannot be read; BAD_ARGUMENT for an empty question or an option
   *   out of range
   */
  async ask(photo: Photo, question: string, options: AskOptions = {}): Promise<AnswerResult> {
    const batch = { photos: [photo], rows: [{ photo, question }] };
    const [outcome] = await this.#askBatch(batch, options);
    if (outcome?.result === undefined) throw outcome?.error;
    return outcome.result;
  }

  /**
   * Answers many questions in order; a row that fails does not stop the others. Those of an `Iterable` are answered
   * several at a time, and each photo of consecutive ones is encoded once, while the next photos are read.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted; whatever `rows` throws
   */
  async *askAll<Row extends QuestionRow>(
    rows: AsyncIterable<Row> | Iterable<Row>,
    options: AskOptions = {},
  ): AsyncGenerator<AnswerOutcome<Row>> {
    if (Symbol.asyncIterator in rows) {
      for await (const batch of batchRows(rows)) yield* await this.#askBatch(batch, options);
      return;
    }
    let last: BatchToAsk<Row> | undefined;
    for await (const batch of batchRows(rows)) {
      const isKept = batch.photos.every((photo) => last?.photos.includes(photo));
      const read = () => batch.photos.map((photo) => this.#photos.read(photo, options));
      const next = isKept ? batch : { ...batch, images: read() };
      if (last) yield* await this.#askBatch(last, options, next);
      last = next;
    }
    if (last) yield* await this.#askBatch(last, options);
  }

  async #askBatch<Row extends QuestionRow>(
    { photos, rows, images }: BatchToAsk<Row>,
    options: AskOptions,
    next?: BatchToAsk<Row>,
  ): Promise<AnswerOutcome<Row>[]> {
    const faults = rows.map(({ question }) => this.#faultOf(question, options));
    await yieldTurn(options.signal);
    // Before the photos, as what was seen is valid until the next await.
    const isAsked = faults.includes(undefined);
    const questions = rows.map(({ question }) => question);
    const sentences = isAsked ? await this.#sentences?.encode(questions) : undefined;
    const { seen, errors } = isAsked
      ? await this.#photos.see(photos, options, images, next?.images)
      : unseen;
    const errorOf = (row: Row, i: number) => faults[i] ?? errors.get(row.photo);
    const asked = rows.flatMap((row, i) =>
      errorOf(row, i) === undefined ? { ...row, sentence: sentences?.[i] } : [],
    );
    const scored = (seen ? this.#score(seen, asked) : []).values();
    return rows.map((row, i) => {
      const error = errorOf(row, i);
      if (error !== undefined) return { row, error };
      const picture = seen?.pictures[seen.photos.indexOf(row.photo)];
      return this.#outcomeOf(row, { scored: scored.next().value, picture }, options);
    });
  }

  #outcomeOf<Row extends QuestionRow>(
    row: Row,
    shown: Parameters<typeof resultOf>[1],
    options: AskOptions,
  ): AnswerOutcome<Row> {
    try {
      return { row, result: resultOf(row.question, shown, this.#model, options) };
    } catch (thrown) {
      if (AttendError.isInstance(thrown)) return { row, error: thrown };
      throw thrown;
    }
  }

  /** Frees the model; it cannot answer anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#photos.dispose();
    this.#model.network.dispose();
    this.#sentences?.dispose();
  }

  /** Why a question cannot be answered. */
  #faultOf(question: string, { nBest = 0 }: AskOptions): AttendError | undefined {
    const fault = (message: string) => new AttendError("BAD_ARGUMENT", message);
    if (this.#closed) return fault("this answerer is closed; load another one");
    if (!Number.isInteger(nBest) || nBest < 0) {
      return fault(`nBest is ${nBest}; it must be a whole number from 0`);
    }
    if (question.trim() !== "") return undefined;
    return fault("the question is empty; ask something about the photo");
  }

  /** Scores the answers to questions about photos that were seen. */
  #score({ photos, encoding, view }: SeenPhotos, rows: readonly AskedRow[]): Scored[] {
    if (rows.length === 0) return [];
    const { network, tokens, config } = this.#model;
    const question = questionBatch(
      rows.map((row) => encodeQuestion(row.question, tokens, config.maxWords)),
      this.#sentences && rows.flatMap(({ sentence }) => sentence ?? []),
    );
    const indices = rows.map(({ photo }) => photos.indexOf(photo));
    const isEach = indices.length === photos.length && indices.every((index, i) => index === i);
    const of = tf.tensor1d(indices, "int32");
    const scored = scoreAll(network, question, isEach ? encoding : { ...encoding, of }, view);
    of.dispose();
    disposeQuestions(question);
    return scored;
  }
}
