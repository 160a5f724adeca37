import { join } from "node:path";
import sharp from "sharp";
import type { QuestionOnPhoto } from "../src/dataset.ts";

const colors = { red: "#e02020", green: "#20a040", blue: "#2040e0", yellow: "#e0d020" };
const side = 24;

/** Writes pictures of a colored square on gray, and asks about them. */
export async function coloredPictures(folder: string, count: number): Promise<QuestionOnPhoto[]> {
  const names = Object.keys(colors);
  const rows = Array.from({ length: count }, async (_, i) => {
    const color = names[i % names.length] ?? "";
    const other = names[(i + 1 + (i % 3)) % names.length] ?? "";
    const file = join(folder, `${i}.png`);
    const square = {
      create: {
        width: 12,
        height: 12,
        channels: 3,
        background: Object.values(colors)[i % 4] ?? "",
      },
    } as const;
    const background = { width: side, height: side, channels: 3, background: "#808080" } as const;
    await sharp({ create: background })
      .composite([{ input: square, left: 1 + (i % 10), top: 1 + ((3 * i) % 10) }])
      .png()
      .toFile(file);
    return [
      { file, question: "What color is the square?", answers: [color] },
      { file, question: `Is the square ${color}?`, answers: ["yes"] },
      { file, question: `Is the square ${other}?`, answers: ["no"] },
    ];
  });
  return (await Promise.all(rows)).flat();
}
