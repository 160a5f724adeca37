import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What is used of the npm package phonemizer (eSpeak NG), whose types are not installed. */
interface Phonemizer {
  phonemize(text: string, voice: string): Promise<readonly string[]>;
}

/**
 * Loads phonemizer from the folder of an installed part.
 *
 * @returns a function that gives a text's phonemes (IPA) with its punctuation, which eSpeak NG leaves out
 */
export async function loadPhonemizer(
  folder: string,
): Promise<(text: string, voice: string) => Promise<string>> {
  const require = createRequire(join(folder, "package.json"));
  const { phonemize }: Phonemizer = await import(pathToFileURL(require.resolve("phonemizer")).href);
  return async (text, voice) => {
    let phonemes = "";
    for (const [, words = "", mark = ""] of text.matchAll(/([^.,;:!?]*)([.,;:!?]+\s*|$)/g)) {
      if (words.trim() !== "") phonemes += (await phonemize(words, voice)).join(" ");
      phonemes += mark.replace(/\s+/g, " ");
    }
    return phonemes.trim();
  };
}
