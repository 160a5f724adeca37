import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { linesOf, rows, tinyTraining, useTrainCommand } from "./support/train.ts";

useEngine();
const { expectRejection, folder, stderr, train, write } = useTrainCommand();

describe("reports in one line", () => {
  test("a file that is named twice, even by different paths", async () => {
    const [en, de] = [write("a.en", linesOf("source")), write("a.de", linesOf("target"))];
    await expectRejection([en, en], `train names ${en} twice; name each file once`);
    const link = join(folder(), "link");
    symlinkSync(en, link);
    await expectRejection([en, de, link, de], `train names ${en} twice (also as ${link})`);
    const table = write("a.tsv", rows());
    await expectRejection([table, table], "twice");
    await expectRejection([table, "--validation", table, table], "--validation names");
    await expectRejection(
      [en, table],
      `without the file of its translations: the next file, ${table}`,
    );
  });

  test("sources that are their own translations", async () => {
    const [en, copy] = [write("a.en", linesOf("source")), write("b.en", linesOf("source"))];
    await expectRejection(
      [en, copy],
      /all 10 pairs are the same text; use sources in en and trans/,
    );
    const halves = write("a.tsv", "a\ta\nb\tb\nc\td\n");
    await train(halves);
    expect(stderr()).toContain("2 of the 3 pairs have the same text on both sides");
  });

  test("folders, addresses, empty files, documents and wrong columns", async () => {
    const de = write("a.de", linesOf("target"));
    await expectRejection([folder(), de], `${folder()} is a folder; give a file`);
    await expectRejection(["https://example.org/a.en", de], "is a URL");
    await expectRejection([write("empty.en", ""), de], /empty\.en has 0 lines and \S+a\.de has 10/);
    await expectRejection([write("empty.tsv", "")], /empty\.tsv: no pair to use/);
    const document = write("a.docx", Buffer.from("PK\u0003\u0004\u0014\0\u0006\0"));
    await expectRejection([document, de], /a\.docx is a ZIP archive, as \.docx and .* plain text/);
    const wide = write("t.tsv", "1\tA dog.\t2\tEin Hund.\n");
    await expectRejection([wide], /has 4 columns .*such as --columns 2,4$/);
    await expectRejection([wide, "--columns", "2,5"], /has 4 columns, but column 5 is needed/);
    await expectRejection([wide, "--columns", "2"], "Expected two columns, by number or name");
    await expectRejection([wide, "--columns", "2,2"], "The two columns are the same");
  });
});

describe("before training, reports", () => {
  test.each([
    [["--from", "english", "--to", "de"], "use en for English"],
    [["--from", "en", "--to", "german"], "use de for German"],
    [["--from", "EN", "--to", "en"], "--from and --to are both en"],
  ])("languages %j", async (languages, message) => {
    await expectRejection([write("a.tsv", rows()), ...languages], message);
  });

  test("bad numbers to hold out", async () => {
    const table = write("a.tsv", rows());
    await expectRejection(
      [table, "--held-out", "10"],
      "--held-out 10 leaves nothing to train on: there are 10",
    );
    await expectRejection(
      [table, "--held-out", "2", "--validation", table],
      "cannot be used with option",
    );
    await expectRejection(
      [write("one.tsv", "a\tb\na\tc\n")],
      "all pairs have the same source; add more",
    );
  });

  test("a vocabulary size that does not fit, with its flag", async () => {
    const table = write("a.tsv", rows());
    const sized =
      /^--vocabulary-size \("size" in the --config\) is 8000: .* for 8000 tokens: .* ask for \d+ or fewer/;
    await expectRejection([table, "--vocabulary-size", "8000"], sized);
    const config = write(
      "sized.json",
      JSON.stringify(tinyTraining({ vocabulary: { size: 8000 } })),
    );
    await expectRejection([table, "--config", config], sized);
    await expectRejection(
      [table, "--vocabulary-size", "260"],
      /--vocabulary-size .*is too small: 256 bytes/,
    );
    await expectRejection(
      [table, "--vocabulary-size", "300", "--start-from", "x"],
      "cannot be used with option",
    );
  });

  test("a config for something else", async () => {
    const table = write("a.tsv", rows());
    const configOf = (value: unknown) => ["--config", write("other.json", JSON.stringify(value))];
    const none = /other\.json is not a training config for translation: it has/;
    await expectRejection(
      [table, ...configOf({ model: { encoder: {}, decoder: {} }, stages: [] })],
      none,
      "model, stages",
    );
    await expectRejection(
      [table, ...configOf({ from: "en", to: "de", network: {} })],
      none,
      "from, to, network",
    );
    await expectRejection([table, ...configOf([])], none, "no keys");
    await expectRejection(
      [table, "--config", write("cut.json", '{"model"')],
      "cut.json is not valid JSON",
    );
    await expectRejection(
      [table, "--config", write("none.json", "")],
      "none.json is not valid JSON",
    );
    mkdirSync(join(folder(), "configs"));
    await expectRejection([table, "--config", join(folder(), "configs")], "is a folder");
  });
});
