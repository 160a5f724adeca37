import type { CaptionScores } from "@attend/metrics";

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
