import type { Audio, Features, RecognizeOptions, Recognizer, Segment } from "@attend/audio";
import { ctcGreedy } from "@attend/decoding";
import type { LoadOptions } from "@attend/model-folder";
import { AttendError, tf, yieldTurn } from "@attend/runtime";
import { batched } from "./batched.ts";
import { featuresOf, hopSeconds, joined, normalized } from "./features.ts";
import { type Heatmap, heatmapsOf } from "./heatmap.ts";
import { type RecognizerModel, recognizers } from "./model.ts";
import type { Heard } from "./network/listener.ts";
import { confidenceOf, readingsOf } from "./readings.ts";
import { type Stretch, stretchesOf } from "./stretches.ts";

/** Stretches that are heard at a time. */
const batchSize = 8;
/** Silent frames before and after each stretch: the network learned on recordings with them. */
const margin = 4;

/** Options of {@link loadSpeechRecognizer}. */
export interface SpeechRecognizerOptions extends LoadOptions {
  /** A model's folder; by default, the model that is shipped, which knows the digits in English. */
  readonly model?: string | undefined;
}

/**
 * Loads a recognizer that was trained by `attend-interpret train`. Close it after use.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_CONFIG, BAD_DATA, BAD_WEIGHTS, ENGINE_MISSING
 */
export async function loadSpeechRecognizer({
  model,
  engine,
}: SpeechRecognizerOptions = {}): Promise<SpeechRecognizer> {
  return new SpeechRecognizer(await recognizers.load(model, { engine }));
}

/**
 * Recognizes what it was trained on: digits, commands, or sentences. Silence and noise give no words. A recording is cut
 * into stretches of at most 6 s, where it is quietest.
 */
export class SpeechRecognizer implements Recognizer {
  readonly #model: RecognizerModel;

  /** @param model disposed by `close` */
  constructor(model: RecognizerModel) {
    this.#model = model;
  }

  /** The model's name: `digits` for the shipped one. */
  get name(): string {
    return this.#model.config.name;
  }

  get languages(): readonly string[] {
    return this.#model.config.languages;
  }

  /** The words or characters that it knows. */
  get labels(): readonly string[] {
    return this.#model.tokens.labels.labels;
  }

  /**
   * What is said in a recording: a segment for each stretch with words. Times are those of the first and the last label.
   *
   * @throws AttendError BAD_ARGUMENT for a language that it does not know; INTERRUPTED
   */
  async recognize(audio: Audio, options: RecognizeOptions = {}): Promise<readonly Segment[]> {
    requireLanguage(this, options.language);
    const stretches = stretchesOf(featuresOf(audio, this.#model.config.features));
    const segments: Segment[] = [];
    for (let from = 0; from < stretches.length; from += batchSize) {
      await yieldTurn(options.signal);
      const batch = stretches.slice(from, from + batchSize);
      segments.push(...this.#hear(batch, (heard) => this.#segments(batch, heard, options)));
    }
    return segments;
  }

  /**
   * Where in a recording each label was heard, to be drawn: for each stretch the probabilities of the labels, and, of a
   * model with a speller, where it attended to.
   */
  async heatmap(audio: Audio, options: { signal?: AbortSignal } = {}): Promise<Heatmap[]> {
    const stretches = stretchesOf(featuresOf(audio, this.#model.config.features));
    const maps: Heatmap[] = [];
    for (const stretch of stretches) {
      await yieldTurn(options.signal);
      maps.push(...this.#hear([stretch], (heard) => heatmapsOf(this.#model, stretch, heard)));
    }
    return maps;
  }

  /** Frees its memory. It cannot be used afterwards. */
  async close(): Promise<void> {
    this.#model.network.dispose();
  }

  #hear<Result>(stretches: readonly Stretch[], use: (heard: Heard) => Result): Result {
    const { config, network } = this.#model;
    const heard = tf.tidy(() => {
      const inputs = stretches.map(({ features }) => inputOf(features, config.features));
      const { features, lengths } = batched(inputs);
      return network.hear(features, lengths);
    });
    try {
      return use(heard);
    } finally {
      tf.dispose([heard.output, heard.summary]);
    }
  }

  #segments(
    stretches: readonly Stretch[],
    heard: Heard,
    { nBest = 1 }: RecognizeOptions,
  ): Segment[] {
    const { config, tokens, network } = this.#model;
    const frames = network.frames(heard);
    return readingsOf(this.#model, heard).flatMap((readings, row): Segment[] => {
      const [best] = readings;
      const confidence = confidenceOf(readings, config.temperature);
      const [stretch, ctc] = [stretches[row], frames[row]];
      if (!best || best.labels.length === 0 || confidence < config.threshold || !stretch || !ctc) {
        return [];
      }
      const spoken = ctcGreedy(ctc);
      const seconds = (step: number) => secondsAt(stretch, step, heard.lengths[row] ?? 1);
      const alternatives = readings
        .slice(0, nBest)
        .map(({ labels, score }) => ({ text: tokens.labels.decode(labels), score }));
      return [
        {
          start: seconds(spoken[0]?.start ?? 0),
          end: seconds(spoken.at(-1)?.end ?? ctc.steps),
          text: tokens.labels.decode(best.labels),
          confidence,
          ...(nBest > 1 && { alternatives }),
        },
      ];
    });
  }
}

/** What the network reads of a stretch. */
export function inputOf(features: Features, config: RecognizerModel["config"]["features"]) {
  return normalized(joined([features], [margin, margin], features.size), config);
}

/** Where a step is in the recording. */
function secondsAt({ start, features }: Stretch, step: number, steps: number): number {
  const frame = (step * (features.frames + 2 * margin)) / steps - margin;
  return (start + Math.min(Math.max(frame, 0), features.frames)) * hopSeconds;
}

function requireLanguage({ name, languages }: Recognizer, language: string | undefined): void {
  if (language === undefined || languages.length === 0 || languages.includes(language)) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} does not know the language ${JSON.stringify(language)}; it knows ${languages.join(", ")}`,
  );
}
