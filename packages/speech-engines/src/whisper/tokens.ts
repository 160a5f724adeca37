import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const numbers = z.array(z.number().int());
const generationSchema = z.object({
  decoder_start_token_id: z.number().int(),
  eos_token_id: z.number().int(),
  no_timestamps_token_id: z.number().int(),
  suppress_tokens: numbers,
  begin_suppress_tokens: numbers,
  lang_to_id: z.record(z.string(), z.number().int()),
  task_to_id: z.object({ transcribe: z.number().int() }),
});
const vocabularySchema = z.record(z.string(), z.number().int());

/** Whisper's tokens, as the files of a model say. */
export interface Tokens {
  readonly start: number;
  readonly end: number;
  readonly transcribe: number;
  readonly noTimestamps: number;
  readonly noSpeech: number;
  /** Never said, and never said first. */
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
  /** By the language's code. */
  readonly languages: ReadonlyMap<string, number>;
  decode(ids: readonly number[]): string;
}

/** Reads `generation_config.json`, `vocab.json` and `added_tokens.json` in a model's folder. */
export function readTokens(folder: string): Tokens {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const config = generationSchema.parse(read("generation_config.json"));
  const words = Object.entries(vocabularySchema.parse(read("vocab.json")));
  const added = vocabularySchema.parse(read("added_tokens.json"));
  const text = new Map(words.map(([word, id]) => [id, word]));
  const languages = Object.entries(config.lang_to_id);
  return {
    start: config.decoder_start_token_id,
    end: config.eos_token_id,
    transcribe: config.task_to_id.transcribe,
    noTimestamps: config.no_timestamps_token_id,
    noSpeech: added["<|nocaptions|>"] ?? added["<|nospeech|>"] ?? -1,
    suppressed: config.suppress_tokens,
    suppressedFirst: config.begin_suppress_tokens,
    languages: new Map(languages.map(([token, id]) => [token.slice(2, -2), id])),
    decode(ids) {
      const characters = [...ids.map((id) => text.get(id) ?? "").join("")];
      return Buffer.from(characters.map((each) => byteOf.get(each) ?? 0))
        .toString()
        .trim();
    },
  };
}

/** The characters that stand for bytes in `vocab.json` (GPT-2's `bytes_to_unicode`): those that print stand for themselves. */
const byteOf = new Map<string, number>();
for (let byte = 0, others = 256; byte < 256; byte++) {
  const prints = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  byteOf.set(String.fromCodePoint(prints ? byte : others++), byte);
}
