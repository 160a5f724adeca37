import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCaptions } from "../src/index.ts";
import { captionFiles, linesOf, read, textsOf } from "./support/caption-files.ts";

const expected = { "a.jpg": ["A dog runs.", "A pet runs."], "b.jpg": ["Two cats."] };

describe("delimited files", () => {
  test("CSV with a header", async () => {
    const { file, images } = captionFiles(
      "set.csv",
      "image,caption\na.jpg,A dog runs.\na.jpg,A pet runs.\nb.jpg,Two cats.\n",
    );
    const set = await readCaptions(file, { imagesDirectory: images });
    expect(set).toEqual({
      source: "set",
      warnings: [],
      images: [
        {
          id: "a.jpg",
          file: join(images, "a.jpg"),
          captions: [
            { text: "A dog runs.", line: 2 },
            { text: "A pet runs.", line: 3 },
          ],
        },
        { id: "b.jpg", file: join(images, "b.jpg"), captions: [{ text: "Two cats.", line: 4 }] },
      ],
    });
  });

  test("quotes, commas, line breaks in quotes, a byte order mark, CRLF, blank lines", async () => {
    const content =
      '\uFEFFimage,caption\r\n\r\na.jpg,"A ""big"" dog,\r\n  on\r\n\r\ngrass"\r\n\r\nb.jpg, Two   cats \r\n"a.jpg","A pet"';
    const set = await read("set.csv", content);
    expect(textsOf(set)).toEqual({
      "a.jpg": ['A "big" dog, on grass', "A pet"],
      "b.jpg": ["Two cats"],
    });
    expect(linesOf(set)).toEqual([3, 9, 8]);
  });

  test.each([
    ["tab", "set.tsv", "\t"],
    ["semicolon", "set.csv", ";"],
    ["bar, with spaces around it", "set.txt", " | "],
    ["tab, whatever the extension", "set.csv", "\t"],
  ])("separated by %s", async (_, name, separator) => {
    const rows = [
      ["photo", "image", "text"],
      ["1", "a.jpg", "A dog, it runs"],
      ["2", "b.jpg", "Two cats"],
    ];
    const set = await read(name, rows.map((row) => row.join(separator)).join("\n"));
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog, it runs"], "b.jpg": ["Two cats"] });
  });

  test("chosen columns", async () => {
    const content = "id,picture,German,image\n1,a.jpg,Ein Hund rennt,x\n";
    const set = await read("set.csv", content, {
      columns: { image: "picture", caption: "German" },
    });
    expect(textsOf(set)).toEqual({ "a.jpg": ["Ein Hund rennt"] });
  });

  test("UTF-16 with a byte order mark, as spreadsheets write it", async () => {
    const content = Buffer.from("\uFEFFimage\tcaption\r\na.jpg\tÄ dög runs\r\n", "utf16le");
    expect(textsOf(await read("set.txt", content))).toEqual({ "a.jpg": ["Ä dög runs"] });
    expect(textsOf(await read("set.txt", content.swap16()))).toEqual({ "a.jpg": ["Ä dög runs"] });
  });

  test("a file of many pieces, with line ends and letters cut anywhere", async () => {
    // Rows of different lengths end anywhere in a piece.
    const rows = Array.from(
      { length: 40_000 },
      (_, i) => `a.jpg,"№ ${i}\r\nürün ${"é".repeat(i % 60)}"`,
    );
    const set = await read("set.csv", `image,caption\r\n${rows.join("\r\n")}\r\n`);
    const captions = set.images[0]?.captions ?? [];
    expect(captions).toHaveLength(40_000);
    const wrong = captions.find(
      ({ text, line }, i) =>
        text !== `№ ${i} ürün ${"é".repeat(i % 60)}`.trim() || line !== 2 + 2 * i,
    );
    expect(wrong).toBeUndefined();
  });
});

describe("JSON", () => {
  test.each(["image", "file", "filename", "file_name"])("JSON lines with %s", async (field) => {
    const lines = [
      { [field]: "a.jpg", captions: ["A dog runs.", "A pet runs."], size: 3 },
      { caption: "Two cats.", [field]: "./b.jpg" },
    ].map((line) => JSON.stringify(line));
    const set = await read("set.jsonl", `\uFEFF${lines.join("\r\n\r\n")}`);
    expect(textsOf(set)).toEqual(expected);
    expect(linesOf(set)).toEqual([1, 1, 3]);
    expect(textsOf(await read("set", lines.join("\n")))).toEqual(expected);
  });

  test("JSON lines with chosen fields", async () => {
    const columns = { image: "path", caption: "alt" };
    const set = await read("set.ndjson", '{"path": "a.jpg", "alt": "A dog"}\n', { columns });
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog"] });
  });

  test("a list of objects", async () => {
    const content = `[
      {"image": "a.jpg", "captions": ["A dog runs.", "A pet runs."]},
      {"image": "b.jpg", "caption": "Two cats."}]`;
    const set = await read("set.json", content);
    expect(textsOf(set)).toEqual(expected);
    expect(linesOf(set)).toEqual([1, 1, 2]);
  });

  const coco = {
    info: { year: 2014 },
    images: [
      { id: 9, file_name: "a.jpg", width: 3 },
      { id: 7, file_name: "b.jpg" },
      { id: 8, file_name: "c.jpg" },
    ],
    annotations: [
      { id: 1, image_id: 9, caption: "A dog runs." },
      { id: 2, image_id: 7, caption: "Two\ncats." },
      { id: 3, image_id: 9, caption: "A pet runs." },
    ],
  };

  test.each([undefined, 2])("COCO, indented by %s", async (indent) => {
    const set = await read("set.json", JSON.stringify(coco, null, indent));
    expect(textsOf(set)).toEqual(expected);
    expect(linesOf(set)).toEqual([1, 3, 2]);
    expect(set.warnings).toEqual([expect.stringMatching(/1 of 3 photos have no caption/)]);
  });

  const karpathy = {
    dataset: "flickr8k",
    images: [
      {
        filename: "a.jpg",
        split: "train",
        sentences: [{ raw: "A dog runs.", tokens: [] }, { raw: "A pet runs." }],
      },
      { filename: "b.jpg", split: "restval", sentences: [{ raw: "Two cats." }] },
      { filepath: "val", filename: "c.jpg", split: "val", sentences: [{ raw: "A bird sings." }] },
    ],
  };

  test("Karpathy's splits, all or some", async () => {
    const content = JSON.stringify(karpathy);
    const photos = ["a.jpg", "b.jpg", "val/c.jpg"];
    const all = await read("set.json", content, { photos });
    expect(textsOf(all)).toEqual({ ...expected, "val/c.jpg": ["A bird sings."] });
    expect(all.images.map(({ part }) => part)).toEqual(["train", "restval", "val"]);
    const some = await read("set.json", content, { photos, parts: ["train"] });
    expect(textsOf(some)).toEqual(expected);
    const rest = await read("set.json", content, { photos, parts: ["restval"] });
    expect(textsOf(rest)).toEqual({ "b.jpg": ["Two cats."] });
    for (const { parts } of [all, some, rest]) {
      expect([...(parts ?? [])]).toEqual([
        ["train", 2],
        ["restval", 1],
        ["val", 1],
      ]);
    }
  });

  test("photos of other parts may be missing", async () => {
    const set = await read("set.json", JSON.stringify(karpathy), { parts: ["train"] });
    expect(textsOf(set)).toEqual(expected);
  });

  test("a column of parts, under any of their names", async () => {
    const content =
      "Image,Split,Caption\na.jpg,TRAIN,A dog\nb.jpg,validation,Two cats\nc.jpg,test,A bird\n";
    const set = await read("set.csv", content, { parts: ["dev"] });
    expect(textsOf(set)).toEqual({ "b.jpg": ["Two cats"] });
  });

  test("COCO ids that are text in one list and numbers in the other", async () => {
    const images = [
      { id: 1, file_name: "a.jpg" },
      { id: "2", file_name: "b.jpg" },
    ];
    const annotations = [
      { image_id: "0001", caption: "A dog" },
      { image_id: 2, caption: "A cat" },
    ];
    const set = await read("set.json", JSON.stringify({ images, annotations }));
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog"], "b.jpg": ["A cat"] });
  });
});

describe("choosing photos", () => {
  const content = "image,caption\na.jpg,A dog\nb.jpg,Two cats\nb.jpg,Some cats\nc/d.jpg,A bird\n";

  test("by a split file; photos of other rows may be missing", async () => {
    const { file, images, write } = captionFiles("set.csv", content, ["b.jpg", "c/d.jpg"]);
    const split = write("train.txt", "\uFEFFb.jpg \r\n\r\n./c/d.jpg\r\nb.jpg\r\nz.jpg\r\n");
    const unchecked = await readCaptions(file, { split });
    const set = await readCaptions(file, { imagesDirectory: images, split, name: "mine" });
    expect(unchecked.images.map(({ id }) => id)).toEqual(set.images.map(({ id }) => id));
    expect(textsOf(set)).toEqual({ "b.jpg": ["Two cats", "Some cats"], "c/d.jpg": ["A bird"] });
    expect(set.source).toBe("mine");
    expect(set.warnings).toEqual([
      `1 of 3 photos of ${split} have no caption in ${file}: z.jpg; left out`,
    ]);
  });

  test("missing photos may be left out, with a warning", async () => {
    const set = await read("set.csv", content, { photos: ["b.jpg"], allowMissing: true });
    expect(textsOf(set)).toEqual({ "b.jpg": ["Two cats", "Some cats"] });
    expect(set.warnings).toEqual([
      expect.stringMatching(/2 of 3 photos .*: a\.jpg, c\/d\.jpg; left out/),
    ]);
  });

  test("a photo may have an absolute path", async () => {
    const { images, write } = captionFiles("unused", "");
    const file = write("set.csv", `image,caption\n${join(images, "a.jpg")},A dog\n`);
    const set = await readCaptions(file, { imagesDirectory: images });
    expect(set.images[0]?.file).toBe(join(images, "a.jpg"));
  });
});

describe("warnings", () => {
  test("captions of a single word, in any script", async () => {
    const content = "image,caption\na.jpg,Dog .\na.jpg,猫が座っている\na.jpg,Hund\nb.jpg,don't\n";
    const { warnings } = await read("set.csv", content);
    expect(warnings).toEqual([
      expect.stringMatching(/set\.csv line 2, 4, 5: the caption is a single word/),
    ]);
  });

  test("repeated captions of a photo", async () => {
    const content = "image,caption\na.jpg,A dog\nb.jpg,A dog\na.jpg,A  dog\n";
    const set = await read("set.csv", content);
    expect(set.warnings).toEqual([expect.stringMatching(/line 4: repeats a caption/)]);
    expect(textsOf(set)["a.jpg"]).toHaveLength(2);
  });
});
