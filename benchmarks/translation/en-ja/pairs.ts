import { join } from "node:path";
import { findData, type ParallelPair, readParallel } from "@attend/datasets";

interface Pair {
  readonly source: string;
  readonly target: string;
}

export interface EnJa {
  /** small_parallel_enja and Tatoeba combined, each pair once, without the sentences of `dev`. */
  readonly train: readonly Pair[];
  /** The dev split of small_parallel_enja. */
  readonly dev: readonly Pair[];
}

/**
 * English and Japanese as people write them. small_parallel_enja is tokenized with spaces, and comes
 * from a corpus that is also part of Tatoeba, so the sentences of its dev split are left out of both.
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
    const [sourceKey, targetKey] = [lettersOf(source), lettersOf(target)];
    if (sources.has(sourceKey) || targets.has(targetKey)) continue;
    train.set(`${sourceKey}\t${targetKey}`, { source, target });
  }
  return { train: [...train.values()], dev };
}

/** Only a sentence's letters and digits, to compare sentences. */
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
