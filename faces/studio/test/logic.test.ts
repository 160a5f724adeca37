import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DropItem } from "react-aria-components";
import { expect, onTestFinished, test } from "vitest";
import { ApiError } from "../page/api/client.ts";
import { streamOf } from "../page/api/events.ts";
import { layOut } from "../page/tabs/learn/tree-layout.ts";
import { placeOf } from "../page/tabs/photo/place.ts";
import { nothingYet, subtitlesOf, understand } from "../page/tabs/talk/sentences.ts";
import { chosenFrom } from "../page/tabs/train/chosen.ts";
import { tarOf } from "../page/tabs/train/tar.ts";
import { batchesOf } from "../page/tabs/train/upload-data.ts";

test("an archive has the files at their paths, however long and in any script", async () => {
  const folder = mkdtempSync(join(tmpdir(), "attend-studio-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = ["a.txt", "照片/猫 1.jpg", `${"long/".repeat(40)}b.bin`];
  const files = paths.map((path, i) => ({ path, file: new Blob(["x".repeat(511 * i)]) }));
  const archive = join(folder, "data.tar");
  writeFileSync(archive, new Uint8Array(await tarOf(files).arrayBuffer()));
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  for (const { path, file } of files) {
    expect(readFileSync(join(folder, path), "utf8")).toBe(await file.text());
  }
});

test("a folder that is dropped has the files of its folders, too; an empty one is none", async () => {
  const types = new Set<string>();
  const getText = async () => "";
  const fileOf = (name: string) => {
    const getFile = async () => new File(["x"], name);
    return { kind: "file" as const, type: "", name, getFile, getText };
  };
  const folderOf = (name: string, entries: DropItem[]): DropItem => ({
    kind: "directory",
    name,
    async *getEntries() {
      for (const entry of entries) if (entry.kind !== "text") yield entry;
    },
  });
  const inner = folderOf("b", [fileOf("2.jpg")]);
  const dropped = await chosenFrom(folderOf("a", [fileOf("1.jpg"), inner]));
  expect(dropped).toMatchObject({ name: "a", isFolder: true });
  expect(dropped?.files.map(({ path }) => path)).toEqual(["1.jpg", "b/2.jpg"]);
  expect(await chosenFrom(folderOf("a", [folderOf("b", [])]))).toBeUndefined();
  expect(await chosenFrom({ kind: "text", types, getText })).toBeUndefined();
  expect(await chosenFrom(fileOf("a.csv"))).toMatchObject({ name: "a.csv", isFolder: false });
});

test("files go together as far as they fit, and a large one alone", () => {
  const files = [3, 4, 4, 20, 1, 1, 1].map((size, i) => {
    return { path: `${i}`, file: new Blob(["x".repeat(size)]) };
  });
  const batches = batchesOf(files, { bytes: 10, files: 2 });
  const paths = batches.map((batch) => batch.map(({ path }) => path).join(""));
  expect(paths).toEqual(["01", "2", "3", "45", "6"]);
});

test("the ninth of a picture that weights are centered in", () => {
  const corner = [
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  expect(placeOf(corner)).toBe("top-left");
  expect(placeOf(corner.toReversed())).toBe("bottom-left");
  expect(placeOf([[1, 1]])).toBe("middle-center");
});

test("a tree's leaves are below each other, and a parent is beside its first child", () => {
  const parents = [null, 0, 0, 1, 1, 2];
  expect(layOut(parents.map((parent) => ({ parent })))).toEqual({
    rows: [0, 0, 2, 0, 1, 2],
    count: 3,
  });
});

test("stages tell of the same sentence, and subtitles end with the speech or the next one", () => {
  const seconds = 0.1;
  const detected = { start: 0, length: 2, seconds };
  const later = { start: 5, length: 9, seconds };
  const told = (start: number, text: string) =>
    ({ event: "translated", data: { start, seconds, source: "", text } }) as const;
  const understood = [
    { event: "detected", data: detected } as const,
    { event: "detected", data: later } as const,
    { event: "recognized", data: { start: 0, seconds, text: "one" } } as const,
    told(6, "drei"),
    told(5, "zwei"),
    told(0, "eins"),
  ].reduce(understand, nothingYet);
  expect(understood.sentences.map(({ start }) => start)).toEqual([0, 5, 6]);
  expect(understood.sentences[0]).toMatchObject({ heard: { text: "one" } });
  expect(subtitlesOf(understood)).toBe(`WEBVTT

00:00:00.000 --> 00:00:02.000
eins

00:00:05.000 --> 00:00:06.000
zwei

00:00:06.000 --> 00:00:14.000
drei
`);
});

test("a stream's events are read whatever pieces they come in, and its failure is thrown", async () => {
  const sent =
    'event: a\ndata: {"x":1}\n\n: alive\n\nevent: error\ndata: {"error":{"code":"TIMEOUT","message":"late"}}\n\n';
  const original = globalThis.fetch;
  globalThis.fetch = async () => new Response(inPieces(sent));
  try {
    const events = streamOf<{ a: { x: number } }>("figures/a", {});
    expect((await events.next()).value).toEqual({ event: "a", data: { x: 1 } });
    await expect(events.next()).rejects.toThrow(new ApiError("late", 200, "TIMEOUT"));
  } finally {
    globalThis.fetch = original;
  }
});

function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
      controller.close();
    },
  });
}
