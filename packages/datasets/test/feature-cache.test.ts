import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeFloat16, encodeFloat16 } from "@attend/nn/float16";
import { createRandom } from "@attend/runtime/random";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  completeFeatureCache,
  createFeatureCacheWriter,
  type FeatureKind,
  openFeatureCache,
} from "../src/index.ts";
import { expectError } from "./support/errors.ts";

const kind: FeatureKind = { key: "weights 1", shape: [2, 3] };
const elements = 6;

/** The features of some photos: numbers that half precision represents exactly. */
function featuresOf(...photos: number[]): Float32Array {
  return Float32Array.from(
    photos.flatMap((n) => Array.from({ length: elements }, (_, i) => n * 8 + i - 0.5)),
  );
}

async function writeCache(folder: string, photos: number[], of = kind): Promise<void> {
  const writer = await createFeatureCacheWriter(folder, of);
  await writer.append(photos.map(String), featuresOf(...photos));
  await writer.finish();
}

test("what a cache lacks is computed, and the rest kept, also after an error", async () => {
  const folder = temporaryDirectory();
  await writeCache(folder, [1, 2]);
  const computed: string[][] = [];
  const progress: number[][] = [];
  const complete = (ids: readonly string[], last = Number.POSITIVE_INFINITY) =>
    completeFeatureCache(
      folder,
      kind,
      ids,
      async function* (missing) {
        computed.push([...missing]);
        for (const id of missing) {
          if (Number(id) > last) throw new Error(`no photo ${id}`);
          yield { ids: [id], features: featuresOf(Number(id)) };
        }
      },
      (...each) => progress.push(each),
    );
  await (await complete(["2", "1"])).close();
  expect(computed).toEqual([]);
  await expect(complete(["1", "3", "4"], 3)).rejects.toThrow("no photo 4");
  const cache = await complete(["1", "3", "4"]);
  expect(computed).toEqual([["3", "4"], ["4"]]);
  expect(progress).toEqual([
    [2, 3],
    [3, 3],
  ]);
  expect([...(await cache.read([cache.rowOf("4")]))]).toEqual([...featuresOf(4)]);
  await cache.close();
});

describe("a complete cache", () => {
  test("returns any rows in any order, rounded to half precision", async () => {
    const folder = join(temporaryDirectory(), "deep", "cache");
    const writer = await createFeatureCacheWriter(folder, { key: "k", shape: [7, 11] });
    const random = createRandom(1);
    const values = Float32Array.from({ length: 40 * 77 }, () => 100 * random.normal());
    const ids = Array.from({ length: 40 }, (_, i) => `photo "${i}"\n.jpg`);
    for (let i = 0; i < 40; i += 8) {
      await writer.append(ids.slice(i, i + 8), values.subarray(77 * i, 77 * (i + 8)));
      expect(writer.size).toBe(i + 8);
    }
    expect(writer.discarded).toBeUndefined();
    await writer.finish();
    expect(readdirSync(folder).sort()).toEqual(["features.f16", "index.jsonl"]);

    const cache = await openFeatureCache(folder, { key: "k", shape: [7, 11] });
    expect([cache.key, cache.shape, cache.ids]).toEqual(["k", [7, 11], ids]);
    expect([cache.has(ids[3] ?? ""), cache.has("other")]).toEqual([true, false]);
    const stored = decodeFloat16(encodeFloat16(values));
    const rowOf = (row: number) => [...stored.subarray(77 * row, 77 * (row + 1))];
    const rows = [39, 0, 7, 7, 12, 1, 38, ...Array.from({ length: 20 }, () => random.integer(40))];
    expect([...(await cache.read(rows))]).toEqual(rows.flatMap(rowOf));
    expect(await cache.read([])).toHaveLength(0);

    const into = new Float32Array(5 * 77).fill(-1);
    const row = cache.rowOf(ids[5] ?? "");
    expect(await cache.read([row, 4], into)).toBe(into);
    expect([...into]).toEqual([...rowOf(5), ...rowOf(4), ...new Array(3 * 77).fill(-1)]);

    const many = await Promise.all(rows.map((each) => cache.read([each, 39 - each])));
    for (const [i, each] of rows.entries()) {
      expect([...(many[i] ?? [])]).toEqual([...rowOf(each), ...rowOf(39 - each)]);
    }
    await cache.close();
  });

  test("rejects invalid rows, photos and arrays", async () => {
    const folder = temporaryDirectory();
    await writeCache(folder, [0, 1]);
    const cache = await openFeatureCache(folder);
    for (const row of [2, -1, 0.5, Number.NaN]) {
      await expectError(cache.read([row]), "BAD_ARGUMENT", /has rows 0 to 1, not /);
    }
    const short = cache.read([0, 1], new Float32Array(11));
    await expectError(short, "BAD_ARGUMENT", /are 12 numbers, but the array has 11; give/);
    expect(() => cache.rowOf("2")).toThrow(/has no features of 2; add them/);
    await cache.close();
  });

  test("with a different key or shape is rejected by readers and replaced by writers", async () => {
    const folder = temporaryDirectory();
    await writeCache(folder, [0, 1]);
    const reading = openFeatureCache(folder, { key: "weights 2" });
    await expectError(
      reading,
      "BAD_DATA",
      /different weights or preprocessing \(weights 1, now weights 2\); build/,
    );
    const shaped = openFeatureCache(folder, { shape: [3, 2] });
    await expectError(
      shaped,
      "BAD_DATA",
      /a different shape \(\[2, 3\], now \[3, 2\]\); build it again/,
    );

    const old = await openFeatureCache(folder);
    const writer = await createFeatureCacheWriter(folder, { ...kind, key: "weights 2" });
    expect(writer.discarded).toMatch(
      /^the 2 features in .* have different weights .*; starting over$/,
    );
    expect([writer.size, writer.has("0")]).toEqual([0, false]);
    await expectError(openFeatureCache(folder), "FILE_NOT_FOUND", /index\.jsonl does not exist/);
    await writer.append(["9"], featuresOf(9));
    await writer.finish();
    // Open readers keep the old rows.
    expect(await old.read([1])).toEqual(featuresOf(1));
    await old.close();
    const cache = await openFeatureCache(folder, { key: "weights 2" });
    expect(cache.ids).toEqual(["9"]);
    expect(await cache.read([0])).toEqual(featuresOf(9));
    await cache.close();
  });

  test("can be extended", async () => {
    const folder = temporaryDirectory();
    await writeCache(folder, [0, 1]);
    const writer = await createFeatureCacheWriter(folder, kind);
    expect([writer.size, writer.has("1"), writer.has("2")]).toEqual([2, true, false]);
    await writer.append(["2"], featuresOf(2));
    await writer.finish();
    const cache = await openFeatureCache(folder, kind);
    expect(await cache.read([0, 1, 2])).toEqual(featuresOf(0, 1, 2));
    await cache.close();
  });
});

describe("damage", () => {
  test("a file that is too short or too long is not opened; a writer repairs it", async () => {
    const folder = temporaryDirectory();
    const rows = join(folder, "features.f16");
    await writeCache(folder, [0, 1, 2]);
    for (const bytes of [48, 35]) {
      truncateSync(rows, bytes);
      const message = new RegExp(`cut off: its 3 rows need 36 bytes, not ${bytes}; build it again`);
      await expectError(openFeatureCache(folder), "BAD_DATA", message);
    }
    const writer = await createFeatureCacheWriter(folder, kind);
    expect(writer.size).toBe(2);
    await writer.append(["2"], featuresOf(2));
    await writer.finish();
    const cache = await openFeatureCache(folder);
    expect(await cache.read([0, 1, 2])).toEqual(featuresOf(0, 1, 2));
    truncateSync(rows, 30);
    await expectError(
      cache.read([1, 2]),
      "READ_FAILED",
      /was cut off at row 2 while in use; build/,
    );
    await cache.close();
  });

  test.each([
    ["", "empty"],
    ["\0\0\0\0\n", "zeros"],
    ['{"format":2,"key":"weights 1","shape":[2,3]}\n"0"\n', "another format"],
    ['{"format":1,"key":"weights 1","shape":[2,0]}\n"0"\n', "a shape without numbers"],
    ['{"format":1,"key":"weights 1","shape":[2,3]}\n"0"\n5\n', "an id that is not text"],
  ])("an index with %j (%s) is rejected, and replaced by a writer", async (content) => {
    const folder = temporaryDirectory();
    await writeCache(folder, [0, 1]);
    writeFileSync(join(folder, "index.jsonl"), content);
    await expectError(openFeatureCache(folder), "BAD_DATA", /has a damaged .*index\.jsonl; build/);
    const writer = await createFeatureCacheWriter(folder, kind);
    expect(writer.size).toBe(0);
    expect(writer.discarded).toMatch(/^the features in .* have an unknown format; starting over$/);
    await writer.finish();
    const cache = await openFeatureCache(folder);
    expect(cache.ids).toEqual([]);
    await cache.close();
  });

  test("an index without rows is rejected", async () => {
    const folder = temporaryDirectory();
    await writeCache(folder, [0]);
    await expectError(
      openFeatureCache(join(folder, "x")),
      "FILE_NOT_FOUND",
      /x\/index\.jsonl does/,
    );
    writeFileSync(join(folder, "index.jsonl"), readFileSync(join(folder, "index.jsonl")));
    const other = temporaryDirectory();
    writeFileSync(join(other, "index.jsonl"), readFileSync(join(folder, "index.jsonl")));
    await expectError(openFeatureCache(other), "FILE_NOT_FOUND", /features\.f16 does not exist/);
  });
});

describe("writing", () => {
  test("rejects misshapen, repeated or unrepresentable features, and continues", async () => {
    const folder = temporaryDirectory();
    const writer = await createFeatureCacheWriter(folder, kind);
    await writer.append(["0"], featuresOf(0));
    const misshapen = writer.append(["1", "2"], featuresOf(1));
    await expectError(misshapen, "BAD_SHAPE", /of \[2, 3\] are 12 numbers, not 6/);
    await expectError(
      writer.append(["0"], featuresOf(0)),
      "BAD_ARGUMENT",
      /already contains 0; call has/,
    );
    await expectError(
      writer.append(["1", "1"], featuresOf(1, 1)),
      "BAD_ARGUMENT",
      /already contains 1/,
    );
    for (const bad of [Number.NaN, Infinity, -65_600]) {
      const features = featuresOf(1, 2);
      features[8] = bad;
      const appended = writer.append(["1", "2"], features);
      await expectError(
        appended,
        "NOT_FINITE",
        /a feature of 2 is .*, which half precision cannot/,
      );
    }
    await writer.append(["1"], featuresOf(1));
    await writer.finish();
    const cache = await openFeatureCache(folder);
    expect(cache.ids).toEqual(["0", "1"]);
    expect(await cache.read([0, 1])).toEqual(featuresOf(0, 1));
    await cache.close();
  });

  test("continues with the next writer if closed early", async () => {
    const folder = temporaryDirectory();
    for (const photo of [0, 1, 2]) {
      const writer = await createFeatureCacheWriter(folder, kind);
      expect(writer.size).toBe(photo);
      await writer.append([String(photo)], featuresOf(photo));
      await writer.close();
      await expectError(openFeatureCache(folder), "FILE_NOT_FOUND", /does not exist/);
    }
    await (await createFeatureCacheWriter(folder, kind)).finish();
    const cache = await openFeatureCache(folder);
    expect(await cache.read([0, 1, 2])).toEqual(featuresOf(0, 1, 2));
    await cache.close();
  });

  test("a lock keeps a second writer away, but not after its owner has ended", async () => {
    const folder = temporaryDirectory();
    const lock = join(folder, "writer.lock");
    const writer = await createFeatureCacheWriter(folder, kind);
    const second = createFeatureCacheWriter(folder, kind);
    await expectError(
      second,
      "WRITE_FAILED",
      /process \d+ is already writing to it; wait .*writer/,
    );
    await writer.close();
    expect(existsSync(lock)).toBe(false);
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    // An ended process; an earlier process with the same id; a half-written lock.
    for (const owner of [child.pid, process.pid, ""]) {
      writeFileSync(lock, String(owner));
      await (await createFeatureCacheWriter(folder, kind)).close();
    }
    writeFileSync(lock, String(process.ppid));
    await expectError(createFeatureCacheWriter(folder, kind), "WRITE_FAILED", /is already writing/);
  });

  test("reports a folder that cannot be written", async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "file"), "");
    const inFile = createFeatureCacheWriter(join(folder, "file"), kind);
    await expectError(inFile, "WRITE_FAILED", /cannot write .*file: a part of the path is a file/);
    mkdirSync(join(folder, "features.f16"));
    await expectError(createFeatureCacheWriter(folder, kind), "WRITE_FAILED", /features\.f16/);
    expect(existsSync(join(folder, "writer.lock"))).toBe(false);
  });

  test("reports a full disk, and keeps flushed rows", async () => {
    const folder = join(temporaryDirectory(), "cache");
    const { child, output } = writeInChild(folder, { limitBytes: 50 * 2 ** 20 });
    const [code] = await once(child, "close");
    expect(code).not.toBe(0);
    expect(output()).toMatch(/cannot write .*features\.f16: the file is larger than this disk or/);
    const writer = await createFeatureCacheWriter(folder, childKind);
    expect(writer.size).toBe(256);
    await writer.close();
  });
});

test("a killed writer leaves no complete cache, and can be continued", async () => {
  const folder = join(temporaryDirectory(), "cache");
  let safe = 0;
  for (const rows of [1, 300]) {
    const { child, written } = writeInChild(folder);
    child.stdout.on("data", () => {
      if (written() >= rows) child.kill("SIGKILL");
    });
    expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
    await expectError(openFeatureCache(folder), "FILE_NOT_FOUND", /index\.jsonl does not exist/);
    const writer = await createFeatureCacheWriter(folder, childKind);
    expect(writer.discarded).toBeUndefined();
    // All reported rows but the last 32 MB survive, complete.
    expect(writer.size).toBeGreaterThanOrEqual(safe + written() - 256);
    safe = writer.size;
    await writer.close();
    expect(statSync(join(folder, "features.f16")).size).toBe(safe * 2 ** 17);
  }
  expect(safe).toBeGreaterThanOrEqual(256);
  await (await createFeatureCacheWriter(folder, childKind)).finish();
  const cache = await openFeatureCache(folder);
  for (const row of [0, 100, safe - 1]) {
    expect(cache.ids[row]).toBe(`photo-${row}`);
    expect(new Set(await cache.read([row]))).toEqual(new Set([row]));
  }
  await cache.close();
});

/** The features of `support/write-until-killed.ts`: rows of 128 KiB, flushed every 256. */
const childKind: FeatureKind = { key: "child", shape: [64, 1024] };

function writeInChild(folder: string, { limitBytes }: { limitBytes?: number } = {}) {
  const script = fileURLToPath(new URL("support/write-until-killed.ts", import.meta.url));
  const limit = limitBytes === undefined ? "" : `ulimit -f ${limitBytes / 512};`;
  const node = [process.execPath, "--import", "tsx", "--conditions=@attend/source", script, folder];
  const child = spawn("sh", ["-c", `${limit} exec "$@"`, "sh", ...node]);
  let [rows, errors] = [0, ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    rows += text.split("\n").length - 1;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return { child, written: () => rows, output: () => errors };
}
