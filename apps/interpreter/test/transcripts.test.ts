import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readTranscripts } from "../src/transcripts.ts";

function folderWith(table: string, translations?: string): string {
  const folder = join(temporaryDirectory(), "talks");
  mkdirSync(folder);
  for (const name of ["one.wav", "two.flac"]) writeFileSync(join(folder, name), "");
  writeFileSync(join(folder, "transcripts.tsv"), table);
  if (translations !== undefined) writeFileSync(join(folder, "translations.tsv"), translations);
  return folder;
}

test("a transcript belongs to the recording of its name, with or without the ending", async () => {
  const folder = folderWith("one\tIt is day.\n\ntwo.flac\tTwo dogs.\tAnn\n", "two\tZwei Hunde.\n");
  expect(await readTranscripts(folder)).toEqual([
    { file: join(folder, "one.wav"), transcript: "It is day.", references: [] },
    { file: join(folder, "two.flac"), transcript: "Two dogs.", references: ["Zwei Hunde."] },
  ]);
});

test.each([
  ["three\tIt is day.\n", 'line 1 of .*transcripts.tsv names "three", which is not in the folder'],
  ["one It is day.\n", "line 1 of .* has no text; write a name, a tab and a text"],
  ["\n", "is empty; write lines of a name, a tab and a text"],
])("%j is an error", async (table, message) => {
  await expect(readTranscripts(folderWith(table))).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringMatching(message),
  });
});

test("a folder without transcripts is an error", async () => {
  await expect(readTranscripts(temporaryDirectory())).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
  });
});
