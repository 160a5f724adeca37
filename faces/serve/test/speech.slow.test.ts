import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { formatWav } from "@attend/audio";
import { engines } from "@attend/speech-engines";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  errorSchema,
  interpretationEventSchemas,
  recognitionSchema,
  repairSchema,
} from "../src/schemas/index.ts";
import { eventsIn, jsonRequest, useServer } from "./support/server.ts";

const request = useServer();
const spoken = readFileSync(new URL("../../../examples/speech/LJ001-0009.wav", import.meta.url));
// Made before the server starts: while this takes, a connection that waits for its next request would be closed.
const noise = Float32Array.from({ length: 4_000_000 }, (_, i) => Math.sin(i * i));
const long = formatWav({ samples: noise, sampleRate: 16_000 });
const silence = formatWav({ samples: new Float32Array(16_000), sampleRate: 16_000 });

const send = (path: string, audio: Uint8Array<ArrayBuffer>, init: RequestInit = {}) =>
  request(path, { method: "POST", headers: { "Content-Type": "audio/wav" }, body: audio, ...init });

const healthSchema = z.object({ running: z.number() });
const bodyOf = async (response: Promise<Response>): Promise<unknown> => (await response).json();

const installed = await engines();
const synthesizer = installed.find(
  (each) => each.kind === "synthesizer" && each.installed && each.languages.includes("de"),
);

test("a recording is recognized, with times", async () => {
  const response = await send("/v1/recognitions?engine=digits", new Uint8Array(spoken));
  const { text, segments, engine } = recognitionSchema.parse(await response.json());
  expect(engine).toBe("digits");
  expect(segments.length).toBeGreaterThan(0);
  expect(text).toBe(segments.map((each) => each.text).join(" "));
});

test("silence has no words, as a form, too", async () => {
  const form = new FormData();
  form.set("audio", new Blob([new Uint8Array(silence)]), "silence.wav");
  const path = "/v1/recognitions?engine=digits";
  const responses = [
    await send(path, new Uint8Array(silence)),
    await request(path, { method: "POST", body: form }),
  ];
  for (const response of responses) {
    expect(await response.json()).toEqual({ text: "", segments: [], engine: "digits" });
  }
});

test.each([
  ["no recording", "/v1/recognitions?engine=digits", 422, "BAD_AUDIO", /is not a recording/],
  [
    "no recording to interpret",
    "/v1/interpretations?engine=digits&to=de",
    422,
    "BAD_AUDIO",
    /is not/,
  ],
  [
    "an unknown engine",
    "/v1/recognitions?engine=nobody",
    400,
    "BAD_ARGUMENT",
    /no engine "nobody"/,
  ],
  [
    "unknown languages",
    "/v1/interpretations?to=tlh",
    400,
    "BAD_ARGUMENT",
    /no model from en to tlh/,
  ],
  [
    "a language that is none",
    "/v1/recognitions?from=../x",
    400,
    "BAD_REQUEST",
    /"from" is not valid/,
  ],
])("refuses %s", async (_, path, status, code, message) => {
  const response = await send(path, new TextEncoder().encode("no recording at all"));
  const { error } = errorSchema.parse(await response.json());
  expect([response.status, error.code]).toEqual([status, code]);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain("/tmp");
});

test("an upload that is no audio is refused", async () => {
  const headers = { "Content-Type": "text/plain" };
  const response = await send("/v1/recognitions", new Uint8Array(silence), { headers });
  expect(response.status).toBe(415);
});

test("a text is repaired, with reasons", async () => {
  const text = "i saw it on june first";
  const response = await request("/v1/repairs", jsonRequest({ text }));
  const repair = repairSchema.parse(await response.json());
  expect(repair.text).toBe("I saw it on June first.");
  expect(repair.changes).toContainEqual({
    ...{ from: "june", to: "June", reason: "name" },
    ...{ start: 12, end: 16 },
  });
  const nothing = await request("/v1/repairs", jsonRequest({ text: "" }));
  expect(await nothing.json()).toEqual({ text: "", sentences: [], changes: [] });
  const long = await request("/v1/repairs", jsonRequest({ text: "x".repeat(20_001) }));
  expect(long.status).toBe(400);
});

test("a recording is interpreted stage by stage", async () => {
  const path = "/v1/interpretations?engine=digits&to=de";
  const names: string[] = [];
  for await (const { event, data } of eventsIn(await send(path, new Uint8Array(spoken)))) {
    names.push(event);
    if (event === "translated") interpretationEventSchemas.translated.parse(data);
    if (event === "done") {
      const { engines } = interpretationEventSchemas.done.parse(data);
      expect(engines).toEqual({
        ...{ recognize: "digits", repair: "repair-en" },
        translate: "translator-en-de",
      });
    }
  }
  expect([...new Set(names)]).toEqual(["detected", "recognized", "repaired", "translated", "done"]);
});

const reason = "no synthesizer of German is installed: `attend-interpret setup --to de`";
const withVoice = synthesizer === undefined ? test.skip : test;

withVoice(`a text is spoken (${reason} if it is skipped)`, async () => {
  const body = { text: "Guten Tag", to: "de", synthesizer: synthesizer?.name };
  const response = await request("/v1/speech", jsonRequest(body));
  expect(response.headers.get("content-type")).toBe("audio/wav");
  const wav = Buffer.from(await response.arrayBuffer());
  expect(wav.toString("latin1", 0, 4)).toBe("RIFF");
  expect(wav.length).toBeGreaterThan(10_000);
});

test("nothing speaks an unknown language, and nothing is no text", async () => {
  const unknown = await request("/v1/speech", jsonRequest({ text: "Hi", to: "tlh" }));
  expect(unknown.status).toBe(400);
  expect(errorSchema.parse(await unknown.json()).error.message).toMatch(
    /no synthesizer knows "tlh"/,
  );
  expect((await request("/v1/speech", jsonRequest({ text: "", to: "de" }))).status).toBe(400);
});

test("what nobody waits for anymore is stopped", async () => {
  const leaving = new AbortController();
  const path = "/v1/recognitions?engine=digits";
  let outcome: unknown;
  const sending = send(path, new Uint8Array(long), { signal: leaving.signal }).then(
    (response) => {
      outcome = response.status;
    },
    (thrown) => {
      outcome = thrown;
    },
  );
  const running = async () => healthSchema.parse(await bodyOf(request("/health"))).running;
  while ((await running()) === 0 && outcome === undefined) await sleep(20);
  expect(outcome).toBe(undefined);
  leaving.abort();
  await sending;
  expect(outcome).toMatchObject({ name: "AbortError" });
  while ((await running()) > 0) await sleep(20);
  expect((await send(path, new Uint8Array(silence))).status).toBe(200);
});
