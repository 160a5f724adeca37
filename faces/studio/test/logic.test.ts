import { expect, test } from "vitest";
import { ApiError } from "../page/api/client.ts";
import { streamOf } from "../page/api/events.ts";
import { layOut } from "../page/tabs/learn/tree-layout.ts";
import { placeOf } from "../page/tabs/photo/place.ts";
import { nothingYet, subtitlesOf, understand } from "../page/tabs/talk/sentences.ts";

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
