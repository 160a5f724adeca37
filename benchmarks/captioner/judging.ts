/**
 * For judging captions by eye: draws 50 photos each of Flickr8k dev and coco8k dev by a seed, captions them, and writes
 * `to-judge.md` and contact sheets of the photos (`sheet-1.png`, ...) to a folder outside of the repository's files:
 *
 *   pnpm --filter @attend/benchmarks caption-judging --out FOLDER [--model FOLDER] [--seed 1] [--count 50]
 *
 * Write a judgement per line: photo, tab, right|partly|wrong, tab, a note. Then make the documentation page:
 *
 *   pnpm --filter @attend/benchmarks caption-judging --out FOLDER --judgements FILE.tsv --page docs/captions.md
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeLine } from "@attend/cli-kit";
import { readAllLines, readDataSet } from "@attend/datasets";
import { parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { z } from "zod";
import { loadCaptioner } from "../../apps/image-captioning/src/index.ts";
import { userPath } from "../support/user-path.ts";
import { contactSheet } from "./contact-sheet.ts";
import {
  type CaptionedPhoto,
  drawPhotos,
  judgingPage,
  parseJudgements,
  resultsPage,
} from "./judgements.ts";

const sheetSize = 20;
const photosSchema = z.array(
  z.object({
    set: z.string(),
    photo: z.string(),
    caption: z.string(),
    people: z.array(z.string()),
  }),
);

const { values: flags } = parseArgs({
  options: {
    out: { type: "string", default: "runs/judging" },
    model: { type: "string" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "50" },
    judgements: { type: "string" },
    page: { type: "string", default: "docs/captions.md" },
  },
});
const out = userPath(flags.out);
const photosFile = join(out, "photos.json");
if (flags.judgements === undefined) await draw();
else await writePage(userPath(flags.judgements));

async function draw(): Promise<void> {
  await ensureWritableDirectory(out);
  const drawn = (
    await Promise.all(
      ["flickr8k", "coco8k"].map(async (set) => {
        const { images } = await readDataSet(set, "dev");
        return drawPhotos(images, Number(flags.count), Number(flags.seed)).map((image) => ({
          set,
          ...image,
        }));
      }),
    )
  ).flat();
  const captioner = await loadCaptioner({ model: flags.model && userPath(flags.model) });
  const photos: CaptionedPhoto[] = [];
  try {
    for await (const { result, error } of captioner.captionAll(drawn.map(({ file }) => file))) {
      if (error) throw error;
      const image = drawn[photos.length];
      if (image === undefined) break;
      const people = image.captions.map(({ text }) => text);
      photos.push({ set: image.set, photo: image.id, caption: result.caption, people });
    }
  } finally {
    captioner.close();
  }
  await writeJson(photosFile, photos);
  await writeFileAtomic(join(out, "to-judge.md"), judgingPage(photos));
  const labeled = drawn.map(({ file }, i) => ({ file, label: `${i + 1} ${photos[i]?.caption}` }));
  for (let first = 0; first < labeled.length; first += sheetSize) {
    const sheet = await contactSheet(labeled.slice(first, first + sheetSize));
    await writeFileAtomic(join(out, `sheet-${first / sheetSize + 1}.png`), sheet);
  }
  await writeLine(`${photos.length} captions to judge: ${join(out, "to-judge.md")}`);
}

async function writePage(file: string): Promise<void> {
  const photos = parseConfig(photosSchema, await readJson(photosFile), photosFile);
  const judgements = parseJudgements(await readAllLines(file), file, photos);
  await writeFileAtomic(userPath(flags.page), resultsPage(photos, judgements));
}
