import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeFloat16,
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "../src/index.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`./fixtures/${name}.safetensors`, import.meta.url));

const tensors = new Map<string, StoredTensor>([
  ["decoder.layers.0.kernel", { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-8, 6) }],
  ["bias", { shape: [], data: Float32Array.of(Math.PI) }],
  ["empty", { shape: [0, 4], data: new Float32Array(0) }],
  ['é "quoted"', { shape: [1], data: Float32Array.of(-0) }],
]);

/** A file with a header and a number of data bytes. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function expectRejected(bytes: Uint8Array, fault = "not a complete"): void {
  expect(() => parseSafetensors(bytes, "weights.safetensors")).toThrow(
    expect.objectContaining({
      code: "BAD_WEIGHTS",
      message: expect.stringMatching(
        /^weights\.safetensors: not a complete safetensors file [^\n]*$/,
      ),
    }),
  );
  expect(() => parseSafetensors(bytes, "weights.safetensors")).toThrow(fault);
}

describe("round trip", () => {
  test("in memory and through a file, with metadata", async () => {
    const path = join(temporaryDirectory(), "weights.safetensors");
    const metadata = { epoch: "3", note: "línea\n2" };
    await writeSafetensors(path, tensors, { metadata });
    expect(await readSafetensors(path)).toEqual({ tensors, metadata });
    expect(parseSafetensors(formatSafetensors(tensors), "memory")).toEqual({
      tensors,
      metadata: {},
    });
  });

  test("with any tensors", () => {
    const shape = fc.array(fc.nat(4), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== "__metadata__" && name !== "__proto__"),
          shape,
        ),
        (shapes) => {
          const made = new Map(
            Object.entries(shapes).map(([name, dimensions], i) => {
              const length = dimensions.reduce((product, size) => product * size, 1);
              return [name, { shape: dimensions, data: new Float32Array(length).fill(i + 0.5) }];
            }),
          );
          expect(parseSafetensors(formatSafetensors(made), "memory").tensors).toEqual(made);
        },
      ),
    );
  });

  test("as float16, in half the bytes", () => {
    const half = formatSafetensors(tensors, { precision: "float16" });
    const kernel = parseSafetensors(half, "memory").tensors.get("decoder.layers.0.kernel");
    expect(kernel?.data).toEqual(Float32Array.of(1, -2, 3.5, 0, 0, 6));
    expect(formatSafetensors(tensors).length - half.length).toBe(2 * 8);
  });

  test("the data starts at a multiple of 8 bytes", () => {
    const bytes = formatSafetensors(tensors, { metadata: { a: "b" } });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });
});

test("reads a file of the Python library", async () => {
  const { tensors: read, metadata } = await readSafetensors(fixture("python"));
  expect(metadata).toEqual({ made: "by Python: é" });
  expect(Object.fromEntries(read)).toEqual({
    kernel: { shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
    half: {
      shape: [3],
      data: Float32Array.of(0.5, -2, 65504),
      float16: Buffer.from(encodeFloat16(Float32Array.of(0.5, -2, 65504)).buffer),
    },
    scalar: { shape: [], data: Float32Array.of(7) },
    empty: { shape: [0, 3], data: new Float32Array(0) },
  });
});

describe("a file by PyTorch with tensors of every type", () => {
  test("is read, with floating-point tensors as float32", async () => {
    const { tensors: read } = await readSafetensors(fixture("dtypes"));
    expect(read.size).toBe(18);
    expect(read.get("float64")?.data).toEqual(Float32Array.of(0.1, -2, 1e30));
    const rounded = 1.0002555517425873e30; // the bfloat16 nearest to 1e30
    expect(read.get("bfloat16")?.data).toEqual(
      Float32Array.of(0.5, -2, 3.140625, rounded, Number.POSITIVE_INFINITY),
    );
  });

  test("throws for a tensor of another type only when it is used", async () => {
    const { tensors: read } = await readSafetensors(fixture("dtypes"));
    for (const [name, tensor] of read) {
      if (name === "float64" || name === "bfloat16") continue;
      expect(tensor.shape).toEqual([name === "float4" ? 8 : 4]);
      expect(() => tensor.data).toThrow(
        expect.objectContaining({
          code: "BAD_WEIGHTS",
          message: expect.stringMatching(
            /^\S+dtypes\.safetensors: \w+ is [A-Z0-9_]+, which cannot/,
          ),
        }),
      );
    }
    expect(() => read.get("int64")?.data).toThrow("int64 is I64");
  });
});

describe("rejects, in one line,", () => {
  test("a truncated file, and one with an extra byte", () => {
    const file = formatSafetensors(tensors);
    for (let length = 0; length < file.length; length += 7) expectRejected(file.slice(0, length));
    expectRejected(Uint8Array.of(...file, 0), "leave bytes unused");
  });

  test("other formats and an empty file", () => {
    expectRejected(new Uint8Array(0), "0 bytes");
    expectRejected(readFileSync(fileURLToPath(import.meta.url)), "its header claims");
    expectRejected(file("[]", 0), "its header is not JSON");
    expectRejected(file("{", 0), "its header is not JSON");
    expectRejected(file({ __metadata__: { step: 1 } }, 0), "its __metadata__ is not text");
  });

  const entry = (data_offsets: unknown, shape: unknown = [1]) => ({
    dtype: "F32",
    shape,
    data_offsets,
  });
  test.each([
    ["overlap", { a: entry([0, 4]), b: entry([0, 4]) }, 4, "overlap"],
    ["a hole", { a: entry([0, 4]), b: entry([8, 12]) }, 12, "overlap"],
    ["an end beyond the file", { a: entry([0, 8], [2]) }, 4, "a ends at byte 8 of 4"],
    ["a huge end", { a: entry([0, 2 ** 53 - 1], [2 ** 51]) }, 4, "a ends at byte"],
    ["a huge shape", { a: entry([0, 4], [1e15, 1e15]) }, 4, "a has 4 bytes for shape"],
    ["an end before the start", { a: entry([4, 0]) }, 4, "a has -4 bytes"],
    ["negative offsets", { a: entry([-4, 0]) }, 4, "the entry of a"],
    ["a fraction in the shape", { a: entry([0, 4], [0.5]) }, 4, "the entry of a"],
    ["an unknown type", { a: { ...entry([0, 4]), dtype: "F33" } }, 4, "the entry of a lacks"],
    ["no offsets", { a: { dtype: "F32", shape: [1] } }, 4, "the entry of a"],
  ])("%s", (_, header, dataBytes, fault) => {
    expectRejected(file(header, dataBytes), fault);
  });

  test("a header length beyond the file", () => {
    const bytes = file({}, 0);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 50n, true);
    expectRejected(bytes, "its header claims 1125899906842624 bytes of 10");
  });

  test("a missing file", async () => {
    await expect(readSafetensors("/nowhere/a.safetensors")).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });
});
