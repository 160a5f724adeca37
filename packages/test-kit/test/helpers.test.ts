import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { currentEngine, tf } from "@attend/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  dataFolder,
  describeWithData,
  expectClose,
  expectNoLeak,
  loadGolden,
  temporaryDirectory,
  useEngine,
} from "../src/index.ts";

useEngine();

test("the engine is that of the vitest project", () => {
  expect(["native", "wasm"]).toContain(process.env["ATTEND_ENGINE"]);
  expect(currentEngine().name).toBe(process.env["ATTEND_ENGINE"]);
});

describe("expectNoLeak", () => {
  test("accepts a function that disposes its tensors, and awaits it", async () => {
    await expectNoLeak(async () => {
      const x = tf.ones([2]);
      await x.data();
      x.dispose();
    });
  });

  test("finds a leak, an asynchronous leak and the disposal of another's tensor", async () => {
    const kept = tf.ones([1]);
    await expect(expectNoLeak(() => tf.ones([2]))).rejects.toThrow("1 tensors were not disposed");
    const late = async () => {
      await Promise.resolve();
      return [tf.ones([2]), tf.ones([2])];
    };
    await expect(expectNoLeak(late)).rejects.toThrow("2 tensors were not disposed");
    await expect(expectNoLeak(() => kept.dispose())).rejects.toThrow("1 tensors too many");
  });
});

describe("dataFolder", () => {
  beforeEach(() => void vi.stubEnv("ATTEND_DATA", temporaryDirectory()));
  afterEach(() => void vi.unstubAllEnvs());

  test("is a path if the data exists, else undefined", () => {
    const root = process.env["ATTEND_DATA"]!;
    expect(dataFolder("photos", "train")).toBeUndefined();
    mkdirSync(join(root, "photos", "train"), { recursive: true });
    expect(dataFolder("photos", "train")).toBe(join(root, "photos", "train"));
  });
});

vi.stubEnv("ATTEND_DATA", join(import.meta.dirname, "golden"));
describeWithData("with data", ["example.golden.json"], (file) => {
  test("the tests run and get the path", () => expect(existsSync(file)).toBe(true));
});
describeWithData("without data", ["absent"], () => {
  test("never runs", () => expect.unreachable());
});
vi.unstubAllEnvs();

describe("loadGolden", () => {
  test("reads values, or says how to generate them", () => {
    const golden = new URL("./golden/example.golden.json", import.meta.url);
    expectClose(loadGolden<{ values: number[][] }>(golden).values, [[1, 2.5]]);
    const broken = join(temporaryDirectory(), "broken.golden.json");
    writeFileSync(broken, '{ "values": [NaN] }');
    expect(() => loadGolden(pathToFileURL(broken))).toThrow(/broken.golden.json.*script/);
  });
});

describe("temporaryDirectory", () => {
  let fromHook: string;
  let fromTest: string;
  beforeEach(() => {
    fromHook = temporaryDirectory();
  });

  test("is new at each call", () => {
    fromTest = temporaryDirectory();
    expect(fromTest).not.toBe(fromHook);
    writeFileSync(join(fromTest, "file"), "");
    expect(existsSync(fromHook)).toBe(true);
  });

  test("is gone after the test", () => {
    expect(existsSync(fromTest)).toBe(false);
  });
});
