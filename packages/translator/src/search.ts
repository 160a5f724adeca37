import { batchesByLength } from "@attend/datasets";
import type { BeamOptions, Hypothesis } from "@attend/decoding";
import { isSpaceless } from "./language.ts";
import type { TranslationModel } from "./model.ts";
import { encodeSource, maxLengthOf, sourceBatch } from "./source.ts";
import { withMarks } from "./text/final-marks.ts";
import { type Gap, removeSpans } from "./text/masked.ts";
import type { Unit } from "./text/plan.ts";
import { restoreSpans } from "./text/restore-spans.ts";
import { type Span, simplifyPunctuation } from "./text/spans.ts";
import { type Alignment, type Alternative, distinct } from "./translation.ts";

/** Options of {@link translateUnits}. */
export interface SearchOptions {
  readonly beam: Omit<BeamOptions, "maxLength" | "attention">;
  readonly minLength: number;
  readonly nBest: number;
  readonly attention: boolean;
  readonly batch: number;
  /** Awaited before each batch; its errors stop the work. */
  readonly turn: () => Promise<void>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The translations of a unit. */
export interface UnitTranslation {
  /** Best first, without duplicate texts. */
  readonly alternatives: readonly Alternative[];
  readonly alignment?: Alignment;
}

/** A unit, prepared for the model. */
interface Job {
  readonly unit: Unit;
  readonly text: string;
  readonly gaps: readonly Gap[];
  readonly source: readonly number[];
}

/**
 * Translates units independently of each other. The model reads numbers; if it does not reproduce
 * them, the sentence is translated without them, and they are restored like other spans.
 */
export async function translateUnits(
  model: TranslationModel,
  units: readonly Unit[],
  options: SearchOptions,
): Promise<UnitTranslation[]> {
  const results = new Array<UnitTranslation>(units.length).fill(noTranslation);
  let jobs = new Map<number, Job>();
  for (const [i, unit] of units.entries()) {
    if (i % options.batch === 0) await options.turn();
    jobs.set(i, jobOf(model, unit, isNumber));
  }
  let done = 0;
  // Only sentences with gaps need attention, and a batch has it for all or none.
  for (const attention of options.attention ? [true, true] : [false, true, true]) {
    const later = new Map<number, Job>();
    const now = new Map<number, Job>();
    for (const [i, job] of jobs) (attention || job.gaps.length === 0 ? now : later).set(i, job);
    for await (const [i, result] of translateJobs(model, now, { ...options, attention })) {
      results[i] = result;
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
  return results;
}

const noTranslation: UnitTranslation = { alternatives: [] };

const isNumber = ({ kind }: Span) => kind === "number";

function jobOf(model: TranslationModel, unit: Unit, isKept: (span: Span) => boolean): Job {
  const { text: remaining, gaps } = removeSpans(unit.body, isKept);
  const text = simplifyPunctuation(remaining, model.tokens.source);
  return { unit, text, gaps, source: encodeSource(text, model.tokens) };
}

/** Whether a translation has exactly the numbers of the sentence. */
function keepsNumbers({ unit, gaps }: Job, text: string): boolean {
  const numbers = unit.body.spans.filter(isNumber).map((span) => span.text);
  if (numbers.length === 0 || gaps.some(({ span }) => isNumber(span))) return true;
  const digits = (text: string) => (text.match(/\p{N}+/gu) ?? []).sort().join(" ");
  // `1st` and `3-year-old` have other endings in another language.
  const isKept = (number: string) =>
    /^\d+(?:st|nd|rd|th|(?:-\p{Ll}+)+)$/u.test(number) || text.includes(number);
  return digits(numbers.join(" ")) === digits(text) && numbers.every(isKept);
}

/** Translates in batches of similar length; the results are not in order. */
async function* translateJobs(
  model: TranslationModel,
  jobs: ReadonlyMap<number, Job>,
  options: SearchOptions,
): AsyncGenerator<readonly [index: number, UnitTranslation]> {
  const entries = [...jobs];
  const lengths = entries.map(([, job]) => job.source.length);
  for (const batch of batchesByLength(lengths, { batchSize: options.batch }).batches) {
    await options.turn();
    const rows = batch.flatMap((i) => {
      const entry = entries[i];
      return entry === undefined ? [] : [entry];
    });
    const results = translateBatch(
      model,
      rows.map(([, job]) => job),
      options,
    );
    for (const [row, [index]] of rows.entries()) yield [index, results[row] ?? noTranslation];
  }
}

function translateBatch(
  { network, tokens: tokenizers, config }: TranslationModel,
  jobs: readonly Job[],
  { beam, minLength, nBest, attention }: SearchOptions,
): UnitTranslation[] {
  const batch = sourceBatch(jobs.map(({ source }) => source));
  const maxLength = jobs.map(({ source }) => Math.max(maxLengthOf(source), minLength));
  const search = (beamWidth: number) =>
    network.translate(batch, { ...beam, minLength, maxLength, attention, beamWidth });
  try {
    const found = search(beam.beamWidth);
    // A separate search for more alternatives, so that they do not affect the first.
    const more = nBest > beam.beamWidth ? search(nBest) : [];
    return jobs.map((job, row) => {
      const [best, ...others] = found[row] ?? [];
      const hypotheses = best === undefined ? [] : [best, ...(more[row] ?? others)];
      return resultFor(job, hypotheses);
    });
  } finally {
    batch.tokens.dispose();
  }

  function resultFor(job: Job, hypotheses: readonly Hypothesis[]): UnitTranslation {
    const all = hypotheses.map((hypothesis) => alternativeOf(job, hypothesis));
    const [first] = hypotheses;
    return {
      alternatives: distinct(all).slice(0, nBest),
      ...(first?.attention && { alignment: alignmentOf(job, first) }),
    };
  }

  function alternativeOf({ unit, text, gaps }: Job, hypothesis: Hypothesis): Alternative {
    const { tokens, score, logProbability, attention: weights = [] } = hypothesis;
    const { target } = tokenizers;
    const decoder = target.decoder();
    const pieces = [...tokens.map((id) => decoder.push(id)), decoder.flush()].map((piece) =>
      unit.capitals ? piece.toLocaleUpperCase(config.to) : piece,
    );
    const sourceGaps = gaps.map((gap) => ({
      ...gap,
      tokensBefore: tokenizers.source.encode(text.slice(0, gap.at).trimEnd()).length,
      isLast: !/[\p{L}\p{N}]/u.test(text.slice(gap.at)),
    }));
    const spaceless = isSpaceless(config.to) ? config.to : undefined;
    const restored = restoreSpans({ pieces, attention: weights, spaceless }, sourceGaps);
    const line = restored.trim().replaceAll(/\s*\n\s*/g, " ");
    return {
      text: unit.marks === "" ? line : withMarks(line, unit.marks, config.to),
      score,
      logProbability,
      tokens: tokens.map((id) => target.token(id)),
      ids: tokens,
    };
  }

  function alignmentOf({ source }: Job, { tokens, attention: rows = [] }: Hypothesis): Alignment {
    return {
      source: source.map((id) => tokenizers.source.token(id)),
      target: tokens.map((id) => tokenizers.target.token(id)),
      weights: rows.map((weights) => [...weights.slice(0, source.length)]),
    };
  }
}
