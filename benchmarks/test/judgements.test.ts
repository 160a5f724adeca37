import { expect, test } from "vitest";
import { drawPhotos, judgingPage, parseJudgements, resultsPage } from "../captioner/judgements.ts";

const photos = ["a", "b", "c"].map((name, i) => ({
  set: i < 2 ? "flickr8k" : "coco8k",
  photo: `${name}.webp`,
  caption: `A ${name} | runs.`,
  people: ["One.", "Two."],
}));
const lines = [
  "photo\tjudgement",
  "b.webp\twrong\tno dog",
  "a.webp\tright",
  "c.webp\tpartly\tred",
  "",
];

test("photos are drawn by a seed, in the order of their set", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  const drawn = drawPhotos(numbers, 10, 1);
  expect(new Set(drawn).size).toBe(10);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  expect(drawPhotos(numbers, 10, 1)).toEqual(drawn);
  expect(drawPhotos(numbers, 10, 2)).not.toEqual(drawn);
  expect(drawPhotos(numbers, 200, 1)).toEqual(numbers);
});

test("the page to judge has people's captions and an empty column", () => {
  expect(judgingPage(photos)).toContain(
    "| 1 | flickr8k/a.webp | A a \\| runs. | <details>One.<br>Two.</details> |  |",
  );
});

test("the results page counts the judgements", () => {
  const page = resultsPage(photos, parseJudgements(lines, "judged.tsv", photos));
  expect(page).toContain("# 3 captions, judged");
  expect(page).toContain("| flickr8k | 1 | 0 | 1 |");
  expect(page).toContain("| coco8k | 0 | 1 | 0 |");
  expect(page).toContain("| all | 1 | 1 | 1 |");
  expect(page).toContain("| 2 | flickr8k/b.webp | A b \\| runs. | wrong | no dog |");
});

test.each([
  [["a.webp\tgood"], 'judged.tsv line 1: verdict: expected one of "right"|"partly"|"wrong"'],
  [["a.webp\tright", "a.webp\tright"], "judged.tsv line 2: the photo a.webp is judged twice"],
  [["d.webp\tright"], "judged.tsv line 1: the photo d.webp was not drawn"],
  [["a.webp\tright"], "judged.tsv lacks 2 of 3 photos, such as b.webp"],
])("rejects %j", (wrong, message) => {
  expect(() => parseJudgements(wrong, "judged.tsv", photos)).toThrow(message);
});
