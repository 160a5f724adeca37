import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { linesOf, rows, tinyTraining, useTrainCommand } from "./support/train.ts";

useEngine();
const { expectRefusal, folder, stderr, train, write } = useTrainCommand();

describe("files that do not go together are told in a line:", () => {
  test("one named twice, by whatever path", async () => {
    const [en, de] = [write("a.en", linesOf("source")), write("a.de", linesOf("target"))];
    await expectRefusal([en, en], `train names ${en} twice; name each file once`);
    const link = join(folder(), "link");
    symlinkSync(en, link);
    await expectRefusal([en, de, link, de], `train names ${en} twice (also as ${link})`);
    const table = write("a.tsv", rows());
    await expectRefusal([table, table], "twice");
    await expectRefusal([table, "--validation", table, table], "--validation names");
    await expectRefusal(
      [en, table],
      `without the file of its translations: after it stands ${table}`,
    );
  });

  test("sources that are their own translations", async () => {
    const [en, copy] = [write("a.en", linesOf("source")), write("b.en", linesOf("source"))];
    await expectRefusal([en, copy], /all 10 pairs are the same text; give sources in en and trans/);
    const halves = write("a.tsv", "a\ta\nb\tb\nc\td\n");
    await train(halves);
    expect(stderr()).toContain("2 of the 3 pairs have the same text on both sides");
  });

  test("a folder, an address, empty files, documents, another column", async () => {
    const de = write("a.de", linesOf("target"));
    await expectRefusal([folder(), de], `${folder()} is a folder; give a file`);
    await expectRefusal(["https://example.org/a.en", de], "is a URL");
    await expectRefusal([write("empty.en", ""), de], /empty\.en has 0 lines and \S+a\.de has 10/);
    await expectRefusal([write("empty.tsv", "")], /empty\.tsv: no pair to use/);
    const document = write("a.docx", Buffer.from("PK\u0003\u0004\u0014\0\u0006\0"));
    await expectRefusal([document, de], /a\.docx is a ZIP archive, as \.docx and .* plain text/);
    const wide = write("t.tsv", "1\tA dog.\t2\tEin Hund.\n");
    await expectRefusal([wide], /has 4 columns .*such as --columns 2,4$/);
    await expectRefusal([wide, "--columns", "2,5"], /has 4 columns, and column 5 is asked for/);
    await expectRefusal([wide, "--columns", "2"], "Expected two columns, by number or name");
    await expectRefusal([wide, "--columns", "2,2"], "The two columns are the same");
  });
});

describe("before anything is trained:", () => {
  test.each([
    [["--from", "english", "--to", "de"], "use en for English"],
    [["--from", "en", "--to", "german"], "use de for German"],
    [["--from", "EN", "--to", "en"], "--from and --to are both en"],
  ])("languages %j", async (languages, message) => {
    await expectRefusal([write("a.tsv", rows()), ...languages], message);
  });

  test("what is to be held out", async () => {
    const table = write("a.tsv", rows());
    await expectRefusal(
      [table, "--held-out", "10"],
      "--held-out 10 leaves nothing to train on: there are 10",
    );
    await expectRefusal(
      [table, "--held-out", "2", "--validation", table],
      "cannot be used with option",
    );
    await expectRefusal(
      [write("one.tsv", "a\tb\na\tc\n")],
      "all pairs have the same source; give more",
    );
  });

  test("a vocabulary that was asked for and does not fit names the flag", async () => {
    const table = write("a.tsv", rows());
    const sized =
      /^--vocabulary-size \("size" in the --config\) is 8000: .* for 8000 tokens: .* ask for \d+ or fewer/;
    await expectRefusal([table, "--vocabulary-size", "8000"], sized);
    const asked = write("sized.json", JSON.stringify(tinyTraining({ vocabulary: { size: 8000 } })));
    await expectRefusal([table, "--config", asked], sized);
    await expectRefusal(
      [table, "--vocabulary-size", "260"],
      /--vocabulary-size .*is too small: 256 bytes/,
    );
    await expectRefusal(
      [table, "--vocabulary-size", "300", "--start-from", "x"],
      "cannot be used with option",
    );
  });

  test("a config of something else", async () => {
    const table = write("a.tsv", rows());
    const given = (value: unknown) => ["--config", write("other.json", JSON.stringify(value))];
    const none = /other\.json configures no training of a translation model: it has/;
    await expectRefusal(
      [table, ...given({ model: { encoder: {}, decoder: {} }, stages: [] })],
      none,
      "model, stages",
    );
    await expectRefusal(
      [table, ...given({ from: "en", to: "de", network: {} })],
      none,
      "from, to, network",
    );
    await expectRefusal([table, ...given([])], none, "no keys");
    await expectRefusal(
      [table, "--config", write("cut.json", '{"model"')],
      "cut.json is not valid JSON",
    );
    await expectRefusal([table, "--config", write("none.json", "")], "none.json is not valid JSON");
    mkdirSync(join(folder(), "configs"));
    await expectRefusal([table, "--config", join(folder(), "configs")], "is a folder");
  });
});
