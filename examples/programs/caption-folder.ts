/**
 * Captions every photo in a folder and writes the captions to a JSON file, as alt texts.
 *
 *     pnpm example caption-folder examples/photos alt.json
 */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadCaptioner } from "@attend/image-captioning";

const [folder = "examples/photos", out = "alt.json"] = process.argv.slice(2);
const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));

const captioner = await loadCaptioner();
const alt: Record<string, string> = {};
let done = 0;
// Results come in the order of the photos; an unreadable photo does not end the loop.
for await (const { result, error } of captioner.captionAll(
  names.map((name) => join(folder, name)),
)) {
  const name = names[done++] ?? "";
  if (error) console.error(`${name}: ${error.message}`);
  else alt[name] = result.caption;
}
captioner.close();
await writeFile(out, `${JSON.stringify(alt, null, 2)}\n`);
console.log(`${out}: ${Object.keys(alt).length} captions`);
