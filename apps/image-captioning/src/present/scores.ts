import type { CaptionScores } from "@attend/metrics";
import type { PointingScores } from "../pointing.ts";

/** The scores as a table row, with the names that papers use. */
export function scoreRow({ bleu, rougeL, cider, ciderD, meteor }: CaptionScores) {
  const [bleu1, bleu2, bleu3, bleu4] = bleu.map((value) => value.toFixed(3));
  return {
    "BLEU-1": bleu1 ?? "",
    "BLEU-2": bleu2 ?? "",
    "BLEU-3": bleu3 ?? "",
    "BLEU-4": bleu4 ?? "",
    "ROUGE-L": rougeL.toFixed(3),
    "CIDEr-D": ciderD.toFixed(3),
    CIDEr: cider.toFixed(3),
    METEOR: meteor.toFixed(3),
  };
}

/** Where words look, as more columns of the row. */
export function pointingRow({ words, score, center }: PointingScores) {
  return { [`pointing (${words} words)`]: score.toFixed(3), middle: center.toFixed(3) };
}
