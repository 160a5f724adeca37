import { join } from "node:path";
import { readAllLines } from "@attend/datasets";
import type { Random } from "@attend/runtime";

/** Where sentences come from: how many to draw, and the sentences of a line, by its columns and number. */
interface Source {
  readonly file: string;
  readonly count: number;
  sentences(columns: readonly string[], line: number): readonly (string | undefined)[];
}

/** Every fifth row of BANKING77 is held out, for the test. */
const isHeldOut = (line: number) => line % 5 === 4;

const first = ([sentence]: readonly string[]) => [sentence];

/** Parts for training only; never dev, val or test. */
const sources: readonly Source[] = [
  { file: "intents/clinc150_train.tsv.gz", count: 15_100, sentences: first },
  {
    file: "intents/banking77_train.tsv.gz",
    count: 8002,
    sentences: ([text], line) => (isHeldOut(line) ? [] : [text]),
  },
  { file: "dialog/sgd_train.tsv.gz", count: 8000, sentences: (turns) => turns },
  { file: "dialog/self-dialogue.tsv.gz", count: 3072, sentences: (turns) => turns },
  { file: "tatoeba/eng-fra.tsv.gz", count: 3072, sentences: first },
];

/** Distinct English sentences of each source to learn from: about 37,000 questions, requests and turns of talk. */
export async function trainingSentences(data: string, random: Random): Promise<string[][]> {
  const all: string[][] = [];
  for (const { file, count, sentences } of sources) {
    const distinct = new Set<string>();
    for (const [line, text] of (await readAllLines(join(data, file))).entries()) {
      for (const sentence of sentences(text.split("\t"), line)) {
        if (sentence !== undefined && sentence !== "") distinct.add(sentence);
      }
    }
    all.push(
      random
        .fork()
        .shuffle([...distinct])
        .slice(0, count),
    );
  }
  return all;
}
