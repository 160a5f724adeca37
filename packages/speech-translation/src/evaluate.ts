import {
  bleuTokenizerFor,
  characterErrorRate,
  scoreSacreBleu,
  wordErrorRate,
} from "@attend/metrics";
import type { StageReport } from "./chain.ts";

/** What a chain made of a recording whose words are known. */
export interface EvaluatedRecording {
  /** What is said, as it should be written. */
  readonly transcript: string;
  readonly recognized: string;
  readonly repaired: string;
  readonly translation: string;
  /** The translation of the transcript by the same translator. */
  readonly fromTranscript: string;
  /** Translations by people; none if they are not known. */
  readonly references: readonly string[];
  /** The length of the recording. */
  readonly seconds: number;
  readonly stages: readonly StageReport[];
}

/** How well words were written down; rates in percent. */
export interface TranscriptScores {
  readonly wer: number;
  readonly cer: number;
  /** F1 of commas, periods and question marks, from 0 to 1. */
  readonly punctuationF1: number;
}

/** How good a chain is. */
export interface ChainScores {
  readonly recognized: TranscriptScores;
  readonly repaired: TranscriptScores;
  /** BLEU of the translations against those of the transcripts: 100 if no recognition error changes a translation. */
  readonly bleuToTranscript: number;
  /** BLEU against people's translations, of the chain and of the transcripts' translations. */
  readonly bleu?: { readonly chain: number; readonly transcript: number };
  /** Seconds that each stage works per second of sound. */
  readonly realTimeFactors: Readonly<Record<string, number>>;
}

/** Scores a chain on recordings with transcripts. Numbers count as right in words and in figures. */
export async function scoreChain(
  recordings: readonly EvaluatedRecording[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ChainScores> {
  const tokenizer = bleuTokenizerFor(to);
  const bleu = (hypotheses: readonly string[], references: readonly (readonly string[])[]) =>
    scoreSacreBleu(hypotheses, references, { tokenizer }).score;
  const translations = recordings.map(({ translation }) => translation);
  const fromTranscripts = recordings.map(({ fromTranscript }) => fromTranscript);
  const references = recordings.map(({ references }) => references);
  return {
    recognized: await scoreTranscripts(recordings, "recognized", from),
    repaired: await scoreTranscripts(recordings, "repaired", from),
    bleuToTranscript: bleu(
      translations,
      fromTranscripts.map((text) => [text]),
    ),
    ...(references.every(({ length }) => length > 0) && {
      bleu: {
        chain: bleu(translations, references),
        transcript: bleu(fromTranscripts, references),
      },
    }),
    realTimeFactors: realTimeFactors(recordings),
  };
}

async function scoreTranscripts(
  recordings: readonly EvaluatedRecording[],
  stage: "recognized" | "repaired",
  language: string,
): Promise<TranscriptScores> {
  const { scoreTexts, writeFigures } = await import("@attend/text-repair");
  const texts = recordings.map(({ transcript, ...found }) => ({
    found: found[stage],
    expected: transcript,
  }));
  const comparable = (text: string) => writeFigures(text.replaceAll("-", " "), language);
  const found = texts.map((text) => comparable(text.found));
  const expected = texts.map((text) => comparable(text.expected));
  return {
    wer: 100 * wordErrorRate(found, expected).rate,
    cer: 100 * characterErrorRate(found, expected).rate,
    punctuationF1: scoreTexts(texts, language).punctuation.micro.f1,
  };
}

function realTimeFactors(recordings: readonly EvaluatedRecording[]): Record<string, number> {
  const sound = recordings.reduce((sum, { seconds }) => sum + seconds, 0);
  const work: Record<string, number> = {};
  for (const { stage, seconds } of recordings.flatMap(({ stages }) => stages)) {
    work[stage] = (work[stage] ?? 0) + seconds / sound;
  }
  return work;
}
