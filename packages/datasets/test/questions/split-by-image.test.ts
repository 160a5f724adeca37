import { expect, test } from "vitest";
import { splitByImage } from "../../src/index.ts";

const rows = Array.from({ length: 40 }, (_, index) => ({
  image: `${index % 20}.jpg`,
  question: `${index}?`,
}));
const imagesOf = (some: readonly { image: string }[]) =>
  [...new Set(some.map(({ image }) => image))].sort();

test("all questions about a photo are on one side, in order", () => {
  const { train, heldOut } = splitByImage(rows, { heldOut: 0.1, seed: 1 });
  expect(imagesOf(heldOut)).toHaveLength(2);
  expect(heldOut).toHaveLength(4);
  expect(train).toEqual(rows.filter((row) => !heldOut.includes(row)));
  expect(imagesOf(train).filter((image) => imagesOf(heldOut).includes(image))).toEqual([]);
});

test("the seed determines which, whatever the order and the folder", () => {
  const held = (some: typeof rows, seed = 1) =>
    imagesOf(splitByImage(some, { heldOut: 5, seed }).heldOut);
  expect(held([...rows].reverse())).toEqual(held(rows));
  expect(held(rows.map((row) => ({ ...row, photo: `/data/${row.image}` })))).toEqual(held(rows));
  expect(held(rows, 2)).not.toEqual(held(rows));
});

test("photos of the same name in two folders are different", () => {
  const two = ["x", "y"].map((folder) => ({ image: "a.jpg", photo: `/${folder}/a.jpg` }));
  expect(splitByImage(two, { heldOut: 1, seed: 1 }).heldOut).toHaveLength(1);
});

test.each([0, 1.5, 20, -1])("holding out %d of 20 photos is an error", (heldOut) => {
  expect(() => splitByImage(rows, { heldOut, seed: 1 })).toThrow(/heldOut is .* of the 20 photos/);
});
