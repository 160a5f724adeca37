import { join } from "node:path";
import sharp from "sharp";

/** Writes pictures of a disc in different colors, at different places. @returns their paths */
export async function writeShapes(folder: string, count: number): Promise<string[]> {
  const indexes = Array.from({ length: count }, (_, i) => i);
  return Promise.all(
    indexes.map(async (i) => {
      const path = join(folder, `${i}.png`);
      const hue = (i * 47) % 360;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
        <rect width="64" height="64" fill="#eee"/>
        <circle cx="${20 + (i % 24)}" cy="${20 + (i % 20)}" r="12" fill="hsl(${hue} 90% 45%)"/></svg>`;
      await sharp(Buffer.from(svg)).png().toFile(path);
      return path;
    }),
  );
}
