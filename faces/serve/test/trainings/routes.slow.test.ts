import { expect, test } from "vitest";
import {
  errorSchema,
  modelsSchema,
  trainingEventSchemas,
  trainingSchema,
  trainingsSchema,
} from "../../src/schemas/index.ts";
import { eventsIn, jsonRequest, useServer } from "../support/server.ts";
import { zipOf } from "../support/zip.ts";

const request = useServer();
const post = (path: string) => request(path, { method: "POST" });

function upload(training: string, name: string, data: Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.set("file", new Blob([data]), name);
  return request(`/v1/trainings/${training}/data`, { method: "POST", body: form });
}

const faq = `question,answer
When do you open?,At nine.
Where are you?,In Berlin.
Is there parking?,Behind the house.
Do you take cards?,"Yes, all."
`;

test("data are uploaded, a bot is taught, and deleted", async () => {
  const zip = new Uint8Array(zipOf([{ name: "house/faq.csv", data: faq }]));
  expect(await (await upload("house", "house.zip", zip)).json()).toEqual({ files: ["house"] });
  const body = { kind: "chat", name: "house", data: { faq: "house/faq.csv" } };
  const started = await request("/v1/trainings", jsonRequest(body));
  expect(started.status).toBe(201);
  expect(trainingSchema.parse(await started.json())).toMatchObject({ name: "house", kind: "chat" });
  expect((await request("/v1/trainings", jsonRequest(body))).status).toBe(409);
  expect((await upload("house", "house.zip", zip)).status).toBe(409);

  let last = trainingEventSchemas.state.parse(await (await request("/v1/trainings/house")).json());
  for await (const { event, data } of eventsIn(await request("/v1/trainings/house/events"))) {
    if (event === "state") last = trainingEventSchemas.state.parse(data);
  }
  expect(last).toMatchObject({
    state: "finished",
    message: expect.stringMatching(/4 answers to 4 questions/),
  });
  const all = trainingsSchema.parse(await (await request("/v1/trainings")).json());
  expect(all.trainings).toEqual([last]);
  const { models } = modelsSchema.parse(await (await request("/v1/models")).json());
  expect(models).toContainEqual(expect.objectContaining({ name: "house", task: "chatbot-qa" }));

  expect((await request("/v1/trainings/house", { method: "DELETE" })).status).toBe(204);
  expect((await request("/v1/trainings/house")).status).toBe(404);
  expect(await (await request("/v1/trainings")).json()).toEqual({ trainings: [] });
});

test.each([
  ["a path for a name", { name: "../x" }, 400],
  ["an unknown kind", { kind: "dance" }, 400],
  ["missing data", { data: { faq: "none.csv" } }, 400],
  ["an option of the server's", { options: { out: "x" } }, 400],
])("refuses %s", async (_, change, status) => {
  const body = { kind: "chat", name: "new", data: {}, ...change };
  const response = await request("/v1/trainings", jsonRequest(body));
  expect(response.status).toBe(status);
  expect(errorSchema.parse(await response.json()).error.message).toMatch(/;/);
});

test("what is not there can be neither watched nor changed", async () => {
  const statuses = [
    await request("/v1/trainings/none/events"),
    await post("/v1/trainings/none/stop"),
    await post("/v1/trainings/none/resume"),
    await request("/v1/trainings/none", { method: "DELETE" }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test("a damaged archive is refused", async () => {
  const response = await upload("damaged", "data.zip", new TextEncoder().encode("no archive"));
  expect(response.status).toBe(422);
  expect(errorSchema.parse(await response.json()).error.message).toMatch(
    /^data.zip cannot be unpacked: .*; pack it/,
  );
});
