import { basename } from "node:path";
import type { Row } from "../support/table.ts";
import { type Captioned, type Setting, sides } from "./sides.ts";

/**
 * Checks that both sides are the same model: the same captions for the same pixels, and nearly the same
 * logits. With each side's own image decoder and resampling, words may differ, which is printed.
 */
export function compareAnswers({ model, photos, temporary }: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    for (const side of [ours, torch]) await side.ask("load", { model });
    const { captions } = await ours.ask<Captioned>("caption", { photos });
    const { captions: theirs } = await torch.ask<Captioned>("caption", { photos });
    const answers = await ours.ask<{ pixels: string; logits: string; tokens: number[][] }>(
      "answers",
      {
        model,
        photos,
        captions: captions.map(({ tokens }) => tokens),
        out: temporary,
      },
    );
    const { pixels } = answers;
    const same = await torch.ask<Captioned>("captionPixels", { pixels });
    const logits = await torch.ask<{ difference: number; largest: number }>(
      "compareLogits",
      answers,
    );

    console.log("\nThe same model on both sides:");
    for (const [i, { tokens }] of captions.entries()) {
      const ownDecode = theirs[i]?.tokens.join(" ");
      const note =
        ownDecode === tokens.join(" ") ? "" : ` (from PyTorch's own pixels: ${ownDecode})`;
      console.log(`- ${basename(photos[i] ?? "")}: ${tokens.join(" ")}${note}`);
    }
    const { difference, largest } = logits;
    console.log(
      `Logits under teacher forcing differ by at most ${difference.toExponential(1)} (the largest is ${largest.toFixed(1)}).`,
    );
    for (const [i, { tokens }] of captions.entries()) {
      const other = same.captions[i]?.tokens.join(" ");
      if (other === tokens.join(" ")) continue;
      throw new Error(
        `for the same pixels of ${photos[i]} PyTorch's caption is "${other}" and ours is "${tokens.join(" ")}": not the same model`,
      );
    }
    if (!(difference < 1e-4 * largest)) throw new Error("the logits differ: not the same model");
    return [];
  });
}
