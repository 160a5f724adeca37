import { createWriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readAllLines } from "@attend/datasets";
import type { Random } from "@attend/runtime";
import { detokenizeBrown } from "./brown.ts";

/** Of each source, the share of which the best weights are chosen by. */
const heldOut = 0.03;

/** Of the conversations, which would be more than everything else, the share that is used. */
const dialogueShare = 0.4;

/** Texts to learn from. */
export interface Source {
  readonly name: string;
  /** One sentence or paragraph a line. */
  readonly texts: readonly string[];
}

/** Prose, everyday sentences, conversations and captions. @param brown the folder of the Brown corpus */
export async function* sources(
  data: string,
  brown: string,
  random: Random,
): AsyncGenerator<Source> {
  yield { name: "brown", texts: random.shuffle(await brownTexts(brown)) };
  yield { name: "tatoeba", texts: random.shuffle(await tatoebaSentences(data)) };
  const conversations = random.shuffle(await dialogues(data));
  yield { name: "dialogues", texts: conversations.slice(0, dialogueShare * conversations.length) };
  const captions = await readAllLines(join(data, "multi30k/train.en.gz"));
  yield { name: "captions", texts: random.shuffle(captions.filter(isWhole)) };
}

/** Writes a source's texts to a file for training and one to choose by. */
export async function writeTexts(folder: string, name: string, texts: readonly string[]) {
  const count = Math.ceil(texts.length * heldOut);
  const files = {
    training: join(folder, `${name}.txt`),
    validation: join(folder, `${name}-dev.txt`),
  };
  await write(files.validation, texts.slice(0, count));
  await write(files.training, texts.slice(count));
  return files;
}

async function write(file: string, texts: readonly string[]): Promise<void> {
  await pipeline(
    texts.map((text) => `${text}\n`),
    createWriteStream(file),
  );
}

/** The samples of the Brown corpus, each a text of 2,000 words with its paragraphs as lines and a blank line at its end. */
async function brownTexts(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => /^c[a-r]\d\d$/.test(file)).sort();
  return await Promise.all(
    files.map(async (file) => `${detokenizeBrown(await readFile(join(folder, file), "utf8"))}\n`),
  );
}

async function tatoebaSentences(data: string): Promise<string[]> {
  const sentences = new Set<string>();
  for (const language of ["cmn", "deu", "fra", "jpn"]) {
    for (const line of await readAllLines(join(data, `tatoeba/eng-${language}.tsv.gz`))) {
      sentences.add(line.split("\t")[0] ?? "");
    }
  }
  return [...sentences].filter(isWhole);
}

/** Conversations whose turns mostly end with a mark and begin with a capital; the other turns are left out. */
async function dialogues(data: string): Promise<string[]> {
  const lines = await readAllLines(join(data, "dialog/self-dialogue.tsv.gz"));
  return lines.flatMap((line) => {
    const turns = line.split("\t");
    const whole = turns.filter(isWhole);
    return whole.length < 0.8 * turns.length ? [] : [whole.join("\n")];
  });
}

function isWhole(text: string): boolean {
  return /^["']?\p{Lu}.*[.?!]["']?$/su.test(text);
}
