import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  firstDifference,
  parseConfig,
  parseJson,
  readJson,
  tryParseJson,
  writeJson,
} from "../src/config.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("JSON", () => {
  test("is read back unchanged, with or without a byte order mark", async () => {
    const file = join(folder, "written.json");
    await writeJson(file, { size: 3, names: ["ä"] });
    expect(readFileSync(file, "utf8")).toBe('{\n "size": 3,\n "names": [\n  "ä"\n ]\n}\n');
    expect(await readJson(file)).toEqual({ size: 3, names: ["ä"] });
    writeFileSync(file, '\uFEFF{"size": 4}');
    expect(await readJson(file)).toEqual({ size: 4 });
  });

  test("that is invalid gives a one-line error with the file and the remedy", async () => {
    const file = join(folder, "broken.json");
    writeFileSync(file, '{\n "size": 3,\n}\n');
    await expect(readJson(file)).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringMatching(
        /broken\.json line 3 is not valid JSON \([^\n]*\); correct it$/,
      ),
    });
    await expect(readJson(join(folder, "no.json"))).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
    expect(() => parseJson("{", "set.jsonl line 7", "BAD_DATA")).toThrow(
      expect.objectContaining({
        code: "BAD_DATA",
        message: expect.stringContaining("set.jsonl line 7 is not valid JSON"),
      }),
    );
  });

  test("that is optional is undefined if missing", () => {
    expect(tryParseJson('{"a": 1}')).toEqual({ a: 1 });
    expect(tryParseJson("{")).toBeUndefined();
    expect(tryParseJson(undefined)).toBeUndefined();
  });
});

describe("a config", () => {
  const schema = z.strictObject({
    size: z.number().int().positive(),
    kind: z.enum(["lstm", "gru"]).default("lstm"),
    layers: z.array(z.strictObject({ units: z.number() })).default([]),
    every: z
      .union([z.strictObject({ epochs: z.number() }), z.strictObject({ steps: z.number() })])
      .optional(),
    rate: z
      .discriminatedUnion("name", [
        z.strictObject({ name: z.literal("constant") }),
        z.strictObject({ name: z.literal("linear") }),
      ])
      .optional(),
  });

  test("is returned with its defaults", () => {
    const config = parseConfig(schema, { size: 3 }, "config.json");
    expect(config).toEqual({ size: 3, kind: "lstm", layers: [] });
  });

  test.each([
    [{}, "size: expected number, but it is missing"],
    [{ size: "3" }, "size: expected number, received string"],
    [{ size: 0 }, "size: too small: expected number to be >0"],
    [{ size: 1, kind: "rnn" }, 'kind: expected one of "lstm"|"gru"'],
    [{ size: 1, sizes: 2, width: 3 }, "sizes: unknown key; width: unknown key"],
    [
      { size: 1, layers: [{ units: 1 }, { unit: 1 }] },
      "layers.1.units: expected number, but it is missing; layers.1.unit: unknown key",
    ],
    [
      { size: 1, every: { epochs: "1" } },
      "every: epochs: expected number, received string; or steps: expected number, but it is missing, epochs: unknown key",
    ],
    [{ size: 1, rate: { name: "cosine" } }, "rate.name: expected 'constant' | 'linear'"],
    [[], "expected object, received array"],
  ])("%j is rejected on one line that names the invalid keys", (value, faults) => {
    expect(() => parseConfig(schema, value, "config.json")).toThrow(
      expect.objectContaining({
        code: "BAD_CONFIG",
        message: `config.json: ${faults}; correct it`,
      }),
    );
  });

  test("with many faults reports the first ones", () => {
    const value = { size: 1, layers: Array(1000).fill({ units: "1" }) };
    expect(() => parseConfig(schema, value, "config.json")).toThrow(
      /layers\.9\.units: expected number, received string; and 990 more; correct it$/,
    );
  });

  test("can have its own error code and remedy", () => {
    const options = { code: "BAD_DATA", remedy: "train the model again" } as const;
    expect(() => parseConfig(schema, {}, "vocabulary.json", options)).toThrow(
      expect.objectContaining({
        code: "BAD_DATA",
        message: "vocabulary.json: size: expected number, but it is missing; train the model again",
      }),
    );
  });
});

test("the first difference of two JSON values has its path and both values", () => {
  const saved = { seed: 1, model: { units: 4, layers: [1, 2] } };
  expect(firstDifference(saved, structuredClone(saved))).toBeUndefined();
  expect(firstDifference(saved, { ...saved, seed: 2 })).toEqual({
    path: "seed",
    saved: "1",
    given: "2",
  });
  expect(firstDifference(saved, { seed: 1, model: { layers: [1, 3] } })).toEqual({
    path: "model.units",
    saved: "4",
    given: "absent",
  });
  expect(firstDifference({ a: 1 }, { a: 2 }, "model")?.path).toBe("model.a");
});
