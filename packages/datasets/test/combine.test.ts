import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CaptionSet,
  formatStatistics,
  mergeCaptionSets,
  splitCaptionSet,
  statistics,
} from "../src/index.ts";

/** `{ "a.jpg": ["A dog"] }` in its own folder. */
function captionSet(source: string, photos: Record<string, string[]>, folder = source): CaptionSet {
  const images = Object.entries(photos).map(([id, texts]) => ({
    id,
    file: `/${folder}/${id}`,
    captions: texts.map((text, index) => ({ text, line: index + 2 })),
  }));
  return { source, images, warnings: [`of ${source}`] };
}

describe("mergeCaptionSets", () => {
  test("keeps photos of the same name apart", () => {
    const merged = mergeCaptionSets([
      captionSet("one", { "a.jpg": ["A dog"] }),
      captionSet("two", { "a.jpg": ["A cat"], "b.jpg": ["A bird"] }),
    ]);
    expect(merged.images.map(({ id, file }) => [id, file])).toEqual([
      ["one/a.jpg", "/one/a.jpg"],
      ["two/a.jpg", "/two/a.jpg"],
      ["two/b.jpg", "/two/b.jpg"],
    ]);
    expect(merged.source).toBe("one+two");
    expect(merged.warnings).toEqual(["of one", "of two"]);
  });

  test("merges the captions of a photo that is in two sets", () => {
    const merged = mergeCaptionSets([
      captionSet("one", { "a.jpg": ["A dog"] }, "photos"),
      captionSet("two", { "a.jpg": ["Ein Hund"] }, "photos"),
    ]);
    expect(merged.images).toEqual([
      {
        id: "one/a.jpg",
        file: "/photos/a.jpg",
        captions: [
          { text: "A dog", line: 2 },
          { text: "Ein Hund", line: 2 },
        ],
      },
    ]);
  });

  test("requires different names", () => {
    const set = captionSet("one", {});
    expect(() => mergeCaptionSets([set, set])).toThrow(/two .* are named one; read them with diff/);
  });
});

describe("splitCaptionSet", () => {
  const photos = (count: number) =>
    captionSet(
      "set",
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`${i}.jpg`, [`A ${i}`, `B ${i}`]]),
      ),
    );
  const idsOf = (set: CaptionSet) => set.images.map((image) => image.id);

  test("splits by photo, keeps the order, and leaves neither side empty", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer(),
        (count, share, seed) => {
          const set = photos(count);
          const { train, heldOut } = splitCaptionSet(set, { heldOut: share, seed });
          const held = heldOut.images.length;
          expect(held).toBe(Math.min(Math.max(Math.round(count * share), 1), count - 1));
          const kept = new Set(idsOf(train));
          expect(idsOf(heldOut).some((id) => kept.has(id))).toBe(false);
          const both = set.images.filter(
            (i) => train.images.includes(i) || heldOut.images.includes(i),
          );
          expect(both).toEqual(set.images);
          expect(train.images).toEqual(set.images.filter((image) => kept.has(image.id)));
        },
      ),
    );
  });

  test("depends on the seed", () => {
    const held = (seed: number) =>
      idsOf(splitCaptionSet(photos(100), { heldOut: 0.1, seed }).heldOut);
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  test("takes a number from 1 as a count", () => {
    expect(splitCaptionSet(photos(9), { heldOut: 4, seed: 1 }).heldOut.images).toHaveLength(4);
  });

  test.each([0, 9, 1.5, -0.1, Number.NaN])("cannot hold out %s of 9", (heldOut) => {
    expect(() => splitCaptionSet(photos(9), { heldOut, seed: 1 })).toThrow(
      `heldOut is ${heldOut}; give a fraction between 0 and 1 of the 9 photos of set, or a count`,
    );
  });

  test("cannot split one photo", () => {
    expect(() => splitCaptionSet(photos(1), { heldOut: 0.5, seed: 1 })).toThrow("of the 1 photos");
  });
});

describe("statistics", () => {
  test("counts photos, captions and words", () => {
    const found = statistics(
      captionSet("set", { a: ["A dog runs .", "the DOG's red"], b: ["A t-shirt"], c: ["One"] }),
    );
    expect(found).toEqual({
      photos: 3,
      captions: 4,
      captionsPerPhoto: { min: 1, mean: 4 / 3, median: 1, percentile95: 2, max: 2 },
      wordsPerCaption: { min: 1, mean: 9 / 4, median: 2, percentile95: 3, max: 3 },
      distinctWords: 8,
    });
    expect(formatStatistics(found)).toBe(
      [
        "3 photos, 4 captions (1 to 2 per photo, 1.3 on average)",
        "1 to 3 words per caption, 2.3 on average, 95% at most 3",
        "8 distinct words",
      ].join("\n"),
    );
  });

  test("of an empty set are 0", () => {
    expect(statistics(captionSet("set", {}))).toMatchObject({
      photos: 0,
      wordsPerCaption: { min: 0, mean: 0, median: 0, percentile95: 0, max: 0 },
    });
  });
});
