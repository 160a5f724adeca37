/**
 * Translates a sentence and draws which source words each output word attended to.
 *
 *     pnpm example translate-with-attention "A man is riding a bicycle." alignment.png
 */
import { writeFile } from "node:fs/promises";
import { drawAlignment, formatAlignment, loadTranslator } from "@attend/translation";

const [text = "A man is riding a bicycle.", out = "alignment.png"] = process.argv.slice(2);

const translator = await loadTranslator({ from: "en", to: "de" });
const {
  text: translation,
  alternatives,
  alignments = [],
} = await translator.translate(text, {
  attention: true,
  nBest: 3,
});
translator.close();

console.log(translation);
for (const { text: alternative, score } of alternatives.slice(1))
  console.log(`  or ${alternative} (${score.toFixed(2)})`);
for (const alignment of alignments) {
  console.log(formatAlignment(alignment));
  await writeFile(out, await drawAlignment(alignment));
}
