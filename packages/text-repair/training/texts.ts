import { createWriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readAllLines } from "@attend/datasets";
import type { Random } from "@attend/runtime";
import { detokenizeBrown } from "./brown.ts";
import { cleanSpeech, yearOfSpeech } from "./speeches.ts";

/** Of each source, the share of which the best weights are chosen by. */
const heldOut = 0.03;

/** Of short sentences and of conversations, which would be more than everything else, the shares that are used. */
const [sentenceShare, dialogueShare] = [0.4, 0.2];

/** Texts to learn from. */
export interface Source {
  readonly name: string;
  /** One sentence or paragraph a line. */
  readonly texts: readonly string[];
  /** How often they are read in an epoch. */
  readonly times: number;
}

/** Where texts are that are not in the data folder. */
export interface Folders {
  readonly data: string;
  /** The Brown corpus. */
  readonly brown: string;
  /** Presidents' speeches. */
  readonly speeches: string;
}

/** English prose, everyday sentences, conversations, captions and speeches. */
export async function* englishSources(
  { data, brown, speeches }: Folders,
  random: Random,
): AsyncGenerator<Source> {
  // Prose and speeches are read twice, as their sentences are the longest.
  yield { name: "brown", texts: random.shuffle(await brownTexts(brown)), times: 2 };
  const sentences = random.shuffle(await tatoebaSentences(data, "en"));
  yield { name: "tatoeba", texts: share(sentences, sentenceShare), times: 1 };
  const conversations = random.shuffle(await dialogues(data));
  yield { name: "dialogues", texts: share(conversations, dialogueShare), times: 1 };
  yield { name: "captions", texts: random.shuffle(await captions(data, "en")), times: 1 };
  yield { name: "speeches", texts: random.shuffle(await speechTexts(speeches)), times: 2 };
}

/** German everyday sentences and captions. */
export async function* germanSources({ data }: Folders, random: Random): AsyncGenerator<Source> {
  const sentences = random.shuffle(await tatoebaSentences(data, "de"));
  yield { name: "tatoeba", texts: sentences, times: 1 };
  yield { name: "captions", texts: random.shuffle(await captions(data, "de")), times: 1 };
}

function share(texts: readonly string[], part: number): readonly string[] {
  return texts.slice(0, part * texts.length);
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

/** Presidents' speeches, from when they were recorded on, each a text with its paragraphs as lines. */
async function speechTexts(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    file.endsWith(".txt"),
  );
  const texts: string[] = [];
  for (const file of files.sort()) {
    const text = await readFile(join(folder, file), "utf8");
    if (yearOfSpeech(text) >= 1933) texts.push(`${cleanSpeech(text)}\n`);
  }
  return texts;
}

/** Distinct sentences. */
async function tatoebaSentences(data: string, language: "en" | "de"): Promise<string[]> {
  const sentences = new Set<string>();
  for (const other of language === "de" ? ["deu"] : ["cmn", "deu", "fra", "jpn"]) {
    for (const line of await readAllLines(join(data, `tatoeba/eng-${other}.tsv.gz`))) {
      sentences.add(line.split("\t")[language === "de" ? 1 : 0] ?? "");
    }
  }
  return [...sentences].filter(isWhole);
}

async function captions(data: string, language: string): Promise<string[]> {
  return (await readAllLines(join(data, `multi30k/train.${language}.gz`))).filter(isWhole);
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
