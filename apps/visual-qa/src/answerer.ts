import {
  type AnyEncoder,
  EfficientNetLite,
  type ImageEncoding,
  type LoadedImage,
  loadImage,
  type Picture,
  toInput,
} from "@attend/cnn-encoder";
import type { LoadOptions } from "@attend/model-folder";
import { AttendError, messageOf, tf, yieldTurn } from "@attend/runtime";
import type { View } from "@attend/vqa-fusion";
import { type AnswerResult, resultOf } from "./answer-result.ts";
import type { AskOptions, Photo, QuestionRow } from "./asking.ts";
import type { AnswererConfig } from "./config.ts";
import { encodeQuestion, questionBatch } from "./dataset.ts";
import { groupByPhoto, type PhotoGroup } from "./group-by-photo.ts";
import { type AnswererModel, answerers } from "./model.ts";
import { type Scored, scoreAll } from "./scored.ts";

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

/** The longer side of `picture`, in pixels. */
const pictureSide = 640;

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
  return new Answerer(await answerers.load(model, { engine, precision }));
}

interface EncodedPhoto {
  readonly photo: Photo;
  readonly encoding: ImageEncoding;
  /** What the network needs of it for every question. */
  readonly view: View;
  readonly picture: Picture | undefined;
}

/** Consecutive rows about one photo, which may be read already. */
interface GroupToAsk<Row extends QuestionRow> extends PhotoGroup<Row> {
  readonly image?: Promise<LoadedImage>;
}

/** Answers questions about photos. Created by `loadAnswerer`; `close` frees its memory. */
export class Answerer {
  readonly config: AnswererConfig;
  readonly #model: AnswererModel;
  /** The model's, with batch norm folded into the convolutions, which takes less time. */
  readonly #encoder: AnyEncoder;
  #last: EncodedPhoto | undefined;
  #closed = false;

  /** Takes ownership of the model. */
  constructor(model: AnswererModel) {
    const { encoder } = model.network;
    this.#model = model;
    this.#encoder = encoder instanceof EfficientNetLite ? encoder.fold() : encoder;
    this.config = model.config;
  }

  /**
   * Answers one question. The photo of the last question is kept, so that another question about it takes little time.
   *
   * @throws AttendError like `loadImage` if the photo cannot be read; BAD_ARGUMENT for an empty question or an option
   *   out of range
   */
  async ask(photo: Photo, question: string, options: AskOptions = {}): Promise<AnswerResult> {
    this.#check(question, options);
    await yieldTurn(options.signal);
    const { picture, ...encoded } = await this.#encode(photo, options);
    const [scored] = this.#score(encoded, [question]);
    return resultOf(question, { scored, picture }, this.#model, options);
  }

  /**
   * Answers many questions in order; a row that fails does not stop the others. Consecutive questions about the same
   * photo encode it once. Those of an `Iterable` are answered together, while the next photo is read.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted; whatever `rows` throws
   */
  async *askAll<Row extends QuestionRow>(
    rows: AsyncIterable<Row> | Iterable<Row>,
    options: AskOptions = {},
  ): AsyncGenerator<AnswerOutcome<Row>> {
    if (Symbol.asyncIterator in rows) {
      for await (const group of groupByPhoto(rows)) yield* await this.#askGroup(group, options);
      return;
    }
    let last: GroupToAsk<Row> | undefined;
    for await (const group of groupByPhoto(rows)) {
      const isSame = group.photo === last?.photo;
      const next = isSame ? group : { ...group, image: this.#readAhead(group.photo, options) };
      if (last) yield* await this.#askGroup(last, options);
      last = next;
    }
    if (last) yield* await this.#askGroup(last, options);
  }

  async #askGroup<Row extends QuestionRow>(
    { photo, rows, image }: GroupToAsk<Row>,
    options: AskOptions,
  ): Promise<AnswerOutcome<Row>[]> {
    try {
      for (const { question } of rows) this.#check(question, options);
      await yieldTurn(options.signal);
      const { picture, ...encoded } = await this.#encode(photo, options, image);
      const all = this.#score(
        encoded,
        rows.map(({ question }) => question),
      );
      return rows.map((row, i) => {
        const seen = { scored: all[i], picture };
        return { row, result: resultOf(row.question, seen, this.#model, options) };
      });
    } catch (thrown) {
      if (AttendError.isInstance(thrown) && thrown.code === "INTERRUPTED") throw thrown;
      const error = AttendError.isInstance(thrown)
        ? thrown
        : new AttendError("BAD_IMAGE", `a photo cannot be read: ${messageOf(thrown)}`);
      return rows.map((row) => ({ row, error }));
    }
  }

  /** Frees the model; it cannot answer anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    const { network } = this.#model;
    network.dispose();
    if (this.#encoder !== network.encoder) this.#encoder.dispose();
  }

  /** @throws AttendError BAD_ARGUMENT */
  #check(question: string, { nBest = 0 }: AskOptions): void {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this answerer is closed; load another one");
    }
    if (!Number.isInteger(nBest) || nBest < 0) {
      throw new AttendError("BAD_ARGUMENT", `nBest is ${nBest}; it must be a whole number from 0`);
    }
    if (question.trim() === "") {
      throw new AttendError("BAD_ARGUMENT", "the question is empty; ask something about the photo");
    }
  }

  #read(photo: Photo, { picture, maxPixels, timeout }: AskOptions): Promise<LoadedImage> {
    const previewSide = picture ? pictureSide : undefined;
    return loadImage(photo, { size: this.config.imageSize, previewSide, maxPixels, timeout });
  }

  /** Reads a photo; whoever needs it later gets the error. */
  #readAhead(photo: Photo, options: AskOptions): Promise<LoadedImage> {
    const image = this.#read(photo, options);
    image.catch(() => {});
    return image;
  }

  /** @param read the photo, if it is being read already */
  async #encode(
    photo: Photo,
    options: AskOptions,
    read?: Promise<LoadedImage>,
  ): Promise<EncodedPhoto> {
    const last = this.#last;
    if (last?.photo === photo && (!options.picture || last.picture !== undefined)) return last;
    const image = await (read ?? this.#read(photo, options));
    const input = () => toInput([image.pixels], this.config.imageSize);
    const encoding = tf.tidy(() => this.#encoder.encode(input()));
    const view = this.#model.network.fusion.view(encoding);
    this.#forget();
    this.#last = { photo, encoding, view, picture: image.preview };
    return this.#last;
  }

  #forget(): void {
    if (this.#last !== undefined) tf.dispose([this.#last.encoding, this.#last.view]);
    this.#last = undefined;
  }

  /** Scores the answers to questions about a photo. */
  #score(
    { encoding, view }: Pick<EncodedPhoto, "encoding" | "view">,
    questions: readonly string[],
  ): Scored[] {
    const { network, tokens, config } = this.#model;
    const question = questionBatch(
      questions.map((text) => encodeQuestion(text, tokens, config.maxWords)),
    );
    const of = tf.zeros<tf.Rank.R1>([questions.length], "int32");
    const image = questions.length === 1 ? encoding : { ...encoding, of };
    const scored = scoreAll(network, question, image, view);
    tf.dispose([question.tokens, of]);
    return scored;
  }
}
