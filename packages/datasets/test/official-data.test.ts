import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithData, temporaryDirectory } from "@attend/test-kit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { findData, mergeCaptionSets, readDataSet, statistics } from "../src/index.ts";
import { expectError } from "./support/errors.ts";

describe("findData", () => {
  function dataFolder(): string {
    const folder = temporaryDirectory();
    vi.stubEnv("ATTEND_DATA", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    return folder;
  }

  test("names what is missing and where it was expected", async () => {
    const folder = dataFolder();
    await expectError(
      readDataSet("flickr8k", "train"),
      "DATA_MISSING",
      new RegExp(`flickr8k is missing; looked for ${folder}/flickr8k; set ATTEND_DATA to`),
    );
    mkdirSync(join(folder, "flickr8k", "images"), { recursive: true });
    writeFileSync(join(folder, "flickr8k", "captions.csv"), "image,caption\n");
    expect(findData("flickr8k", ["captions.csv"])).toBe(join(folder, "flickr8k"));
    await expectError(
      readDataSet("flickr8k", "train"),
      "DATA_MISSING",
      new RegExp(`flickr8k in ${folder}/flickr8k lacks train.txt; set ATTEND_DATA`),
    );
  });

  test("looks beside the repository by default", () => {
    vi.stubEnv("ATTEND_DATA", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => findData("no-such-set")).toThrow(/looked for \/.*\/shared\/data\/no-such-set/);
  });
});

describeWithData("the official parts of flickr8k and coco8k", ["flickr8k"], () => {
  test("train has the photos of train.txt, and none of dev", async () => {
    const sets = [await readDataSet("flickr8k", "train"), await readDataSet("coco8k", "train")];
    expect(sets.map((set) => set.images.length)).toEqual([6000, 7127]);
    const train = mergeCaptionSets(sets);
    expect(statistics(train)).toMatchObject({ photos: 13_127, captions: 65_617 });
    expect(train.warnings).toEqual([
      expect.stringMatching(/captions\.csv line 6510, 6824, 8284 and 6 more: repeats a caption/),
    ]);
    const files = new Set(train.images.map((image) => image.file));
    const dev = [await readDataSet("flickr8k", "dev"), await readDataSet("coco8k", "dev")];
    expect(dev.map((set) => set.images.length)).toEqual([1000, 500]);
    expect(dev.map((set) => statistics(set).captionsPerPhoto.min)).toEqual([5, 5]);
    expect(dev.flatMap((set) => set.images).filter((image) => files.has(image.file))).toEqual([]);
  });
});
