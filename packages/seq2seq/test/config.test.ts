import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createSeq2seq,
  type Seq2seqPreset,
  seq2seqConfigSchema,
  seq2seqPresets,
} from "../src/index.ts";
import { makeModel, makeSource, variants, vocabularies } from "./support/models.ts";

useEngine();

test.each(Object.entries(seq2seqPresets))("the preset %s is a configuration", (_name, preset) => {
  const parsed = seq2seqConfigSchema.parse({ ...preset, ...vocabularies });
  expect(seq2seqConfigSchema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

describe("rejects an invalid configuration", () => {
  const faults: readonly [Seq2seqPreset, string][] = [
    [{ hiddenSize: 0, decoder: { layers: 1.5 } }, "hiddenSize: too small"],
    [{ decoder: { start: "copy", layers: 2 } }, 'decoder.start: "copy" requires the cell'],
    [{ decoder: { start: "zero" } }, "the decoder would ignore the source"],
    [{ attention: { kind: "bahdanau", inputFeeding: true } }, "attention.inputFeeding: requires"],
    [{ attention: { kind: "gnmt" } }, 'decoder.layers: attention.kind "gnmt" requires at least 2'],
    [{ attention: { kind: "luong" }, readout: "state" }, '"state" would ignore the context'],
    [
      { attention: { kind: "luong", coverage: true, score: "general" } },
      'attention.coverage: requires the score "additive"',
    ],
    [
      {
        encoder: { bidirectional: "all" },
        attention: { kind: "luong", score: "plain-dot" },
      },
      'attention.score: "plain-dot" requires an encoder',
    ],
    [{ readout: "state", readoutSize: 4 }, "readoutSize: requires"],
    [{ tiedEmbeddings: "output", readoutSize: 7 }, "tiedEmbeddings: require a readoutSize"],
  ];

  test.each(faults)("%j", (config, message) => {
    expect(() => createSeq2seq({ ...config, ...vocabularies })).toThrow(message);
    expect(() => createSeq2seq({ ...config, ...vocabularies })).toThrow("seq2seq config: ");
  });

  test("one table of two vocabularies", () => {
    const config = { tiedEmbeddings: "all", ...vocabularies, sourceVocabularySize: 5 } as const;
    expect(() => createSeq2seq(config)).toThrow('"all" requires a shared vocabulary');
  });

  test("naming each invalid key", () => {
    const config = { ...vocabularies, dropout: 2, encoder: { layers: -1 } };
    expect(() => createSeq2seq(config)).toThrow(/dropout: .*; encoder|encoder.layers: .*; dropout/);
  });
});

describe("bad input", () => {
  const model = () => makeModel(variants["luong"] ?? {});

  test("lengths that do not match the batch or a source", () => {
    const source = makeSource();
    const encode = (lengths: number[]) => model().encode({ ...source, lengths });
    expect(() => encode([3, 3])).toThrow("2 lengths for 3 sources");
    for (const length of [0, 6]) {
      expect(() => encode([5, length, 3])).toThrow(`length ${length} of sequence 1`);
    }
  });

  test("an encoding of another model", () => {
    const other = makeModel({ hiddenSize: 5, embeddingSize: 4 }).encode(makeSource());
    expect(() => model().start(other)).toThrow(
      "the encoding has 5 units (summary 5), the decoder expects 6",
    );
    const uncopied = makeModel({ hiddenSize: 6, embeddingSize: 4 }).encode(makeSource());
    expect(() => model().start(uncopied)).toThrow("the encoding has no state of layer 0");
  });
});
