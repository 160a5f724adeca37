import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@attend/test-kit";
import { learnCharacters } from "@attend/text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chunksOf, encodeText, lastPart, readChunk, readText, splitText } from "../src/dataset.ts";

describe("texts", () => {
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(temporaryDirectory(), name);
    writeFileSync(file, content);
    return file;
  };

  test("are concatenated without byte order marks", async () => {
    const files = [write("a.txt", "\uFEFFone\r\n"), write("b.txt", "zwölf 👍")];
    expect(await readText(files)).toBe("one\r\nzwölf 👍");
    const others = [
      write("a.txt", Buffer.from("\uFEFFone\r\n", "utf16le")),
      write("b.txt.gz", gzipSync("zwölf 👍")),
    ];
    expect(await readText(others)).toBe("one\r\nzwölf 👍");
  });

  test("that are missing, empty, a folder or not UTF-8 are rejected in one line", async () => {
    const latin1 = write("latin1.txt", Buffer.from("one\ntwo\nzw\xF6lf\n", "latin1"));
    const binary = write("binary.txt", Buffer.from("one\0two"));
    const empty = write("empty.txt", "");
    const folder = temporaryDirectory();
    const cases = [
      ["absent.txt", "FILE_NOT_FOUND", "absent.txt does not exist; check the path"],
      [empty, "BAD_DATA", `${empty} is empty; give a text`],
      [folder, "READ_FAILED", `${folder} is a folder; give a file`],
      [binary, "BAD_DATA", `${binary} is a binary file, not text; give it as plain text (UTF-8)`],
      ["https://example.org/a.txt", "FILE_NOT_FOUND", "a.txt is a URL"],
      [latin1, "BAD_DATA", `${latin1} line 3 is not UTF-8; save the file as UTF-8, or convert it`],
    ] as const;
    for (const [file, code, message] of cases) {
      await expect(readText([file])).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    }
  });

  test("with an unknown character are rejected, or the character is skipped", () => {
    const characters = learnCharacters(["ab\n"]);
    expect(() => encodeText(characters, "a\nbé", { source: "b.txt" })).toThrow(
      expect.objectContaining({
        code: "BAD_DATA",
        message:
          'b.txt line 2, column 2: the model never saw "é" (U+00E9) in training; skip such characters with --skip-unknown, or use a model that knows them',
      }),
    );
    const options = { source: "b.txt", skipUnknown: true };
    const { ids, skipped } = encodeText(characters, "a\nbé", options);
    expect([[...ids], skipped]).toEqual([[0, 2, 1], 1]);
  });

  test("are split by position, counted in characters", () => {
    expect(splitText("ab👍cdef", 0.3)).toEqual(["ab👍c", "def"]);
    expect(splitText("👍", 0)).toEqual(["👍", ""]);
    expect(splitText("👍", 1)).toEqual(["", "👍"]);
    expect(splitText("ab👍cdef", 2)).toEqual(["ab👍cd", "ef"]);
    expect(splitText("ab👍", 9)).toEqual(["", "ab👍"]);
    const each = { charactersOf: (id: number) => id };
    const ids = Int32Array.from([3, 0, 2, 4, 1]);
    const last = (fraction: number) => [...lastPart(ids, fraction, each)];
    expect([1, 0.7, 0.6, 0.5, 0.1].map(last)).toEqual([[...ids], [2, 4, 1], [4, 1], [4, 1], [1]]);
  });
});

test("chunks read each stream once, in order, and the target is the next character", () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 200 }),
    streams: fc.integer({ min: 1, max: 5 }),
    steps: fc.integer({ min: 1, max: 9 }),
    offset: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(sizes, ({ length, streams, steps, offset }) => {
      const ids = Int32Array.from({ length }, (_, i) => i);
      const chunks = chunksOf(length, { streams, steps, offset });
      const read = chunks.map((chunk) => readChunk(ids, chunk));
      const stride = Math.floor((length - 1 - offset) / streams);
      expect(chunks.length).toBe(Math.max(0, Math.floor(stride / steps)));
      for (let stream = 0; stream < streams; stream++) {
        const inputs = read.flatMap(({ inputs }) => [
          ...inputs.subarray(stream * steps, (stream + 1) * steps),
        ]);
        expect(inputs).toEqual(inputs.map((_, i) => offset + stream * stride + i));
      }
      for (const { inputs, targets } of read) {
        expect([...targets]).toEqual([...inputs].map((id) => id + 1));
        expect(Math.max(...targets)).toBeLessThan(length);
      }
    }),
  );
});
