import type { Row } from "@attend/cli-kit";
import type { ChainScores } from "@attend/speech-translation";

/** WER, CER, punctuation and BLEU before and after repair, and of the transcripts, as a table. */
export function textScores({ recognized, repaired, bleuToTranscript, bleu }: ChainScores): Row[] {
  return [
    { text: "recognized", ...shown(recognized) },
    {
      text: "repaired",
      ...shown(repaired),
      "BLEU to transcript's": bleuToTranscript.toFixed(1),
      ...(bleu && { BLEU: bleu.chain.toFixed(1) }),
    },
    ...(bleu ? [{ text: "transcript", BLEU: bleu.transcript.toFixed(1) }] : []),
  ];
}

function shown({ wer, cer, punctuationF1 }: ChainScores["recognized"]) {
  return {
    "WER %": wer.toFixed(1),
    "CER %": cer.toFixed(1),
    "punctuation F1": punctuationF1.toFixed(3),
  };
}

/** The real-time factor of each stage, and of all of them. */
export function stageScores(
  { realTimeFactors }: ChainScores,
  engines: Readonly<Record<string, string>>,
): Row[] {
  const rows = Object.entries(realTimeFactors);
  const all = rows.reduce((sum, [, factor]) => sum + factor, 0);
  return [
    ...rows.map(([stage, factor]) => rowOf(stage, engines[stage] ?? "", factor)),
    rowOf("all", "", all),
  ];
}

function rowOf(stage: string, engine: string, factor: number): Row {
  return { stage, engine, "real-time factor": factor.toFixed(3) };
}
