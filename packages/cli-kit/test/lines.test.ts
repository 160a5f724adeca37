import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { groupsOfLines, type Line } from "../src/lines.ts";

async function read(chunks: readonly Uint8Array[], most = 1000): Promise<Line[][]> {
  const groups: Line[][] = [];
  for await (const group of groupsOfLines(Readable.from(chunks), most)) groups.push(group);
  return groups;
}

const texts = (groups: Line[][]) => groups.flat().map(({ text, fault }) => text ?? fault);

test("yields complete lines in order, wherever the bytes are split", async () => {
  const text = fc.string({ unit: "binary" }).map((each) => each.replaceAll(/[\n\r]/g, ""));
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, size) => {
        const written = lines.map((line) => line.replaceAll(/\p{Surrogate}/gu, "?"));
        const bytes = Buffer.from(`${written.join("\n")}\n`);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(texts(await read(chunks))).toEqual(
          written.map((line) => line.replace(/^\uFEFF/, "")),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test("only line feeds end a line, except for the last one; empty lines count", async () => {
  expect(texts(await read([Buffer.from("a\u2028b\r\n\n c")]))).toEqual(["a\u2028b", "", " c"]);
  expect(texts(await read([Buffer.from("a\n")]))).toEqual(["a"]);
  expect(texts(await read([]))).toEqual([]);
});

test("limits the lines in a group", async () => {
  const groups = await read([Buffer.from("a\nb\nc\nd\ne\n")], 2);
  expect(groups.map(({ length }) => length)).toEqual([2, 2, 1]);
});

test("reports invalid lines in their place", async () => {
  const [latin, long] = [Buffer.from([0x61, 0xe4]), Buffer.alloc(2 ** 20 + 1, "x")];
  const lines = [Buffer.from("one\n"), latin, Buffer.from("\n"), long, Buffer.from("\ntwo\n")];
  expect(texts(await read(lines))).toEqual([
    "one",
    "line 2 is not UTF-8",
    "line 3 is longer than 1,048,576 bytes",
    "two",
  ]);
});
