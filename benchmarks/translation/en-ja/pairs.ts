import { join } from "node:path";
import { findData, type ParallelPair, readParallel } from "@attend/datasets";

interface Pair {
  readonly source: string;
  readonly target: string;
}

export interface EnJa {
  /** small_parallel_enja and Tatoeba together, each pair once, without the sentences of `dev`. */
  readonly train: readonly Pair[];
  /** The dev part of small_parallel_enja. */
  readonly dev: readonly Pair[];
}

/**
 * English and Japanese as people write them. small_parallel_enja comes as words with spaces between and comes
 * from the corpus that Tatoeba took in: what is in its dev part is left out of both.
 */
export async function readEnJa(): Promise<EnJa> {
  const enja = findData("enja", ["train.en.gz", "train.ja.gz", "dev.en.gz", "dev.ja.gz"]);
  const tatoeba = findData("tatoeba", ["eng-jpn.tsv.gz"]);
  const part = async (name: string) => {
    const [source, target] = [join(enja, `${name}.en.gz`), join(enja, `${name}.ja.gz`)];
    return (await readParallel({ source, target })).pairs.map(joinWords);
  };
  const { pairs } = await readParallel({ tsv: join(tatoeba, "eng-jpn.tsv.gz") });
  const dev = await part("dev");
  const sources = new Set(dev.map(({ source }) => lettersOf(source)));
  const targets = new Set(dev.map(({ target }) => lettersOf(target)));
  const train = new Map<string, Pair>();
  for (const { source, target } of [...(await part("train")), ...pairs]) {
    const [own, other] = [lettersOf(source), lettersOf(target)];
    if (!sources.has(own) && !targets.has(other)) train.set(`${own}\t${other}`, { source, target });
  }
  return { train: [...train.values()], dev };
}

/** A sentence's letters and digits alone, which tell whether two are the same. */
function lettersOf(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function joinWords({ source, target }: ParallelPair): Pair {
  return { source: joinEnglish(source), target: target.replaceAll(" ", "") };
}

/** `i can 't , '' no '' .` becomes `i can't, "no".` */
function joinEnglish(words: string): string {
  let open = false;
  return words
    .replaceAll(/ ?'' ?/g, () => {
      open = !open;
      return open ? ' "' : '" ';
    })
    .replaceAll(/ (?=['.,;:?!])/g, "")
    .trim();
}
