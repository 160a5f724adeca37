import { expect, test } from "vitest";
import {
  figureNames,
  figureSchema,
  figureSchemas,
  figuresSchema,
} from "../../src/schemas/index.ts";
import { eventsIn, jsonRequest, useServer } from "../support/server.ts";

const request = useServer();
const compute = (name: string, input: object, headers?: Readonly<Record<string, string>>) =>
  request(`/v1/figures/${name}`, jsonRequest(input, headers));

test("all figures are told, each with its equation, paper and file", async () => {
  const { figures } = figuresSchema.parse(await (await request("/v1/figures")).json());
  expect(figures.map(({ name }) => name)).toEqual([...figureNames]);
});

test("a figure has a default for everything", async () => {
  const response = await compute("positional-encodings", {});
  const figure = figureSchema.parse(await response.json());
  expect(figure).toMatchObject({ name: "positional-encodings", title: "Positional encoding" });
  const { encodings } = figureSchemas["positional-encodings"].data.parse(figure.data);
  expect(encodings).toHaveLength(50);
});

test("the progress of one that trains a network is told", async () => {
  const accept = { Accept: "text/event-stream" };
  const response = await compute("unrolled-network", { word: "tea", updates: 3 }, accept);
  const events = [];
  for await (const event of eventsIn(response)) events.push(event);
  expect(events.slice(0, -1)).toEqual(
    [1, 2, 3].map((done) => ({ event: "progress", data: { done, total: 3 } })),
  );
  expect(events.at(-1)).toMatchObject({
    event: "figure",
    data: { name: "unrolled-network", data: { letters: ["t", "e", "a"] } },
  });
});

test.each([
  ["unrolled-network", { word: "x" }, "BAD_REQUEST", /^"word" is not valid/],
  ["beam-search", { beamWidth: 1000 }, "BAD_REQUEST", /^"beamWidth" is not valid/],
  ["lstm-gates", { text: "naïve" }, "BAD_ARGUMENT", /^the text has "ï".*leave it out$/],
  ["lstm-gates", { texts: "" }, "BAD_REQUEST", /not valid/],
  ["transformer-heads", { to: "tlh" }, "BAD_ARGUMENT", /^no model from en to tlh/],
  ["another", {}, "BAD_REQUEST", /^"name" is not valid/],
])("%s refuses %j", async (name, input, code, message) => {
  const response = await compute(name, input);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: { code, message: expect.stringMatching(message) },
  });
});
