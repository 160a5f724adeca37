import { batchesByLength } from "@attend/datasets";
import type { BeamOptions, Hypothesis } from "@attend/decoding";
import { isSpaceless } from "./language.ts";
import type { TranslationModel } from "./model.ts";
import { encodeSource, maxLengthOf, sourceBatch } from "./source.ts";
import { type Gap, takeOut } from "./text/masked.ts";
import type { Unit } from "./text/plan.ts";
import { putBack } from "./text/put-back.ts";
import { type Span, typewritten } from "./text/spans.ts";
import { type Alignment, type Alternative, distinct } from "./translation.ts";

/** How units are translated, with nothing left open. */
export interface SearchOptions {
  readonly beam: Omit<BeamOptions, "maxLength" | "attention">;
  readonly minLength: number;
  readonly nBest: number;
  readonly attention: boolean;
  readonly batch: number;
  /** Awaited before each batch; what it throws ends the work. */
  readonly turn: () => Promise<void>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What was found for a unit. */
export interface Found {
  /** Best first, no two with the same text. */
  readonly alternatives: readonly Alternative[];
  readonly alignment?: Alignment;
}

/** A unit as the model reads it. */
interface Job {
  readonly unit: Unit;
  readonly text: string;
  readonly gaps: readonly Gap[];
  readonly source: readonly number[];
}

/**
 * Translates units, each as it would be alone. Numbers stay in the sentence that the model reads; where they do
 * not come out as they went in, the sentence is translated without them, and they are put back like other spans.
 */
export async function translateUnits(
  model: TranslationModel,
  units: readonly Unit[],
  options: SearchOptions,
): Promise<Found[]> {
  const found = new Array<Found>(units.length).fill(nothing);
  let jobs = new Map([...units.entries()].map(([i, unit]) => [i, jobOf(model, unit, isNumber)]));
  let done = 0;
  // Attention is asked for only where it is needed: a batch has it or not.
  for (const attention of options.attention ? [true, true] : [false, true, true]) {
    const later = new Map<number, Job>();
    const now = new Map<number, Job>();
    for (const [i, job] of jobs) (attention || job.gaps.length === 0 ? now : later).set(i, job);
    for await (const [i, result] of run(model, now, { ...options, attention })) {
      found[i] = result;
      const job = now.get(i);
      if (job === undefined || keepsNumbers(job, result.alternatives[0]?.text ?? "")) {
        options.onProgress?.(++done, units.length);
      } else {
        later.set(
          i,
          jobOf(model, job.unit, () => false),
        );
      }
    }
    jobs = later;
  }
  return found;
}

const nothing: Found = { alternatives: [] };

const isNumber = ({ kind }: Span) => kind === "number";

function jobOf(model: TranslationModel, unit: Unit, isKept: (span: Span) => boolean): Job {
  const { text: left, gaps } = takeOut(unit.body, isKept);
  const text = typewritten(left, model.tokens.source);
  return { unit, text, gaps, source: encodeSource(text, model.tokens) };
}

/** Whether a translation has just the numbers that were left in the sentence. */
function keepsNumbers({ unit, gaps }: Job, text: string): boolean {
  const given = unit.body.spans.filter(isNumber);
  if (given.length === 0 || gaps.some(({ span }) => isNumber(span))) return true;
  const digits = (of: string) => (of.match(/\p{N}+/gu) ?? []).sort().join(" ");
  // `1st` and `3-year-old` are other words there.
  const isWhole = (number: string) =>
    /^\d+(?:st|nd|rd|th|(?:-\p{Ll}+)+)$/u.test(number) || text.includes(number);
  const numbers = given.map((span) => span.text);
  return digits(numbers.join(" ")) === digits(text) && numbers.every(isWhole);
}

/** Sorts by length into batches; the results come in any order. */
async function* run(
  model: TranslationModel,
  jobs: ReadonlyMap<number, Job>,
  options: SearchOptions,
): AsyncGenerator<readonly [index: number, Found]> {
  const entries = [...jobs];
  const lengths = entries.map(([, job]) => job.source.length);
  for (const batch of batchesByLength(lengths, { batchSize: options.batch }).batches) {
    await options.turn();
    const rows = batch.flatMap((place) => {
      const entry = entries[place];
      return entry === undefined ? [] : [entry];
    });
    const results = runBatch(
      model,
      rows.map(([, job]) => job),
      options,
    );
    for (const [row, [index]] of rows.entries()) yield [index, results[row] ?? nothing];
  }
}

function runBatch(
  { network, tokens: vocabularies, config }: TranslationModel,
  jobs: readonly Job[],
  { beam, minLength, nBest, attention }: SearchOptions,
): Found[] {
  const batch = sourceBatch(jobs.map(({ source }) => source));
  const maxLength = jobs.map(({ source }) => Math.max(maxLengthOf(source), minLength));
  const search = (beamWidth: number) =>
    network.translate(batch, { ...beam, minLength, maxLength, attention, beamWidth });
  try {
    const found = search(beam.beamWidth);
    // More of them are looked for by themselves, so that they never change the first.
    const more = nBest > beam.beamWidth ? search(nBest) : [];
    return jobs.map((job, row) => {
      const [best, ...others] = found[row] ?? [];
      const hypotheses = best === undefined ? [] : [best, ...(more[row] ?? others)];
      return foundFor(job, hypotheses);
    });
  } finally {
    batch.tokens.dispose();
  }

  function foundFor(job: Job, hypotheses: readonly Hypothesis[]): Found {
    const all = hypotheses.map((each) => alternativeOf(job, each));
    const [first] = hypotheses;
    return {
      alternatives: distinct(all).slice(0, nBest),
      ...(first?.attention && { alignment: alignmentOf(job, first) }),
    };
  }

  function alternativeOf({ unit, text, gaps }: Job, hypothesis: Hypothesis): Alternative {
    const { tokens, score, logProbability, attention: looked = [] } = hypothesis;
    const { target } = vocabularies;
    const decoder = target.decoder();
    const pieces = [...tokens.map((id) => decoder.push(id)), decoder.flush()].map((piece) =>
      unit.capitals ? piece.toLocaleUpperCase(config.to) : piece,
    );
    const placed = gaps.map((gap) => ({
      ...gap,
      tokensBefore: vocabularies.source.encode(text.slice(0, gap.at).trimEnd()).length,
      isLast: !/[\p{L}\p{N}]/u.test(text.slice(gap.at)),
    }));
    const spaceless = isSpaceless(config.to) ? config.to : undefined;
    const whole = putBack({ pieces, attention: looked, spaceless }, placed);
    return {
      text: whole.trim().replaceAll(/\s*\n\s*/g, " "),
      score,
      logProbability,
      tokens: tokens.map((id) => target.token(id)),
      ids: tokens,
    };
  }

  function alignmentOf({ source }: Job, { tokens, attention: looked = [] }: Hypothesis): Alignment {
    return {
      source: source.map((id) => vocabularies.source.token(id)),
      target: tokens.map((id) => vocabularies.target.token(id)),
      weights: looked.map((weights) => [...weights.slice(0, source.length)]),
    };
  }
}
