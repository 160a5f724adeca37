import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readTranscripts } from "../src/training.ts";

function folderWith(transcripts: string): string {
  const folder = temporaryDirectory();
  for (const name of ["a.wav", "b.wav"]) writeFileSync(join(folder, name), "");
  writeFileSync(join(folder, "transcripts.tsv"), transcripts);
  return folder;
}

test("reads files, texts and speakers, with or without a header and .wav", async () => {
  const folder = folderWith("file\ttext\tspeaker\na.wav\tTurn left.\tAnn\nb\t\n\n");
  expect(await readTranscripts(folder)).toEqual([
    { file: join(folder, "a.wav"), text: "turn left", speaker: "Ann" },
    { file: join(folder, "b.wav"), text: "" },
  ]);
});

test.each([
  ["a.wav turn left", "line 1 is not in the form of transcripts"],
  ["a.wav\tone\tAnn\tx", "line 1 is not in the form of transcripts"],
  ["a.wav\tone\nc.wav\ttwo", "line 2 names c.wav, which does not exist"],
  ["a.wav\t\n", "has no recording with a text"],
])("rejects %j", async (transcripts, message) => {
  await expect(readTranscripts(folderWith(transcripts))).rejects.toThrow(message);
});

test("says how transcripts are written if there are none", async () => {
  await expect(readTranscripts(temporaryDirectory())).rejects.toThrow(
    "transcripts.tsv does not exist; write it, with a line for each recording",
  );
});
