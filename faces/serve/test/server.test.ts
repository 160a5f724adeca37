import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createServer, type Server } from "../src/index.ts";
import { chatSchema } from "../src/schemas/chats.ts";
import { errorSchema } from "../src/schemas/errors.ts";
import { filesIn, startServer, temporaryFolder } from "./support/start.ts";

const program = new URL("program/tiny-server-worker.ts", import.meta.url);

const photo = (bytes: string | Uint8Array = "a photo") => ({
  method: "POST",
  headers: { "Content-Type": "image/jpeg" },
  body: bytes,
});
const json = (body: unknown) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
function form(fields: readonly (readonly [string, string | File])[]): RequestInit {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return { method: "POST", body };
}
const file = (text: string, name = "photo.jpg") => new File([text], name);

describe("a photo", () => {
  test.each([
    ["as the body", photo("four")],
    [
      "as bytes of no type",
      { ...photo("four"), headers: { "Content-Type": "application/octet-stream" } },
    ],
    ["in a form", form([["image", file("four")]])],
  ])("is received %s, and removed", async (_, request) => {
    const folder = temporaryFolder();
    const { url } = await startServer({ program });
    const response = await fetch(`${url}/v1/captions?alternatives=1`, request);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ caption: "four", model: "captioner" });
    await vi.waitFor(() => expect(filesIn(folder)).toEqual([]));
  });

  test("is received as a stream of unknown length", async () => {
    const { url } = await startServer({ program });
    const body = new ReadableStream({
      start(controller) {
        for (const piece of ["fo", "ur"]) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const response = await fetch(`${url}/v1/captions`, { ...photo(), body, duplex: "half" });
    expect(await response.json()).toMatchObject({ caption: "four" });
  });
});

describe("a request that is not valid", () => {
  const captions = "/v1/captions";
  let server: Server;
  let folder: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    server = await createServer({ port: 0, runs: "none", program, maxUpload: 2 ** 20 });
  });
  afterAll(() => server.close());

  test.each<[string, string, RequestInit, number, string]>([
    ["no photo", captions, photo(""), 400, "the body is empty; send a photo"],
    ["another type", captions, { method: "POST", body: "text" }, 415, 'is "text/plain'],
    [
      "an unknown option's value",
      `${captions}?beamWidth=0`,
      photo(),
      400,
      '"beamWidth" is not valid',
    ],
    [
      "an unknown model",
      `${captions}?model=none`,
      photo(),
      404,
      'no model "none"; use one of captioner',
    ],
    ["another task's model", `${captions}?model=answerer`, photo(), 400, "is for visual-qa"],
    [
      "a form with an empty file",
      captions,
      form([["image", file("")]]),
      400,
      "photo.jpg is empty; send a photo",
    ],
    ["a form without the file", captions, form([["other", "text"]]), 400, '"image" is missing'],
    [
      "a form with another file",
      captions,
      form([["other", file("x")]]),
      400,
      'its file is "other"',
    ],
    [
      "a form with two files",
      captions,
      form([
        ["image", file("a")],
        ["image", file("b")],
      ]),
      400,
      "more than one file",
    ],
    [
      "a form with a long field",
      captions,
      form([["a", "x".repeat(20_001)]]),
      400,
      "longer than 20000",
    ],
    [
      "a form with many fields",
      captions,
      form(Array.from({ length: 101 }, (_, i) => [`a${i}`, "x"])),
      400,
      "more than 100 fields",
    ],
    [
      "a broken form",
      captions,
      {
        method: "POST",
        headers: { "Content-Type": "multipart/form-data; boundary=x" },
        body: "--x\r\nnothing",
      },
      400,
      "cannot be read",
    ],
    [
      "a form that ends within its file",
      captions,
      {
        method: "POST",
        headers: { "Content-Type": "multipart/form-data; boundary=x" },
        body: '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nhalf',
      },
      400,
      "cannot be read",
    ],
    [
      "a form without a boundary",
      captions,
      { method: "POST", headers: { "Content-Type": "multipart/form-data" }, body: "x" },
      400,
      "cannot be read",
    ],
    ["a large file", captions, photo(new Uint8Array(2 ** 20 + 1)), 413, "more than 1 MiB"],
    [
      "a large file in a form",
      captions,
      form([["image", file("x".repeat(2 ** 20 + 1))]]),
      413,
      "more than 1 MiB",
    ],
    ["what cannot be read", captions, photo("fail"), 422, "image is no picture"],
    ["no question", "/v1/answers", form([["image", file("x")]]), 400, '"question" must be there'],
    [
      "an empty question",
      "/v1/answers",
      form([
        ["image", file("x")],
        ["question", " "],
      ]),
      400,
      '"question"',
    ],
    ["broken JSON", "/v1/translations", json('{"text":'), 400, "JSON"],
    ["JSON of another kind", "/v1/translations", json([1]), 400, "is not valid"],
    ["no text", "/v1/translations", json({}), 400, "give either text or texts"],
    ["text as a form", "/v1/translations", form([["text", "x"]]), 415, "application/json"],
    ["a large body", "/v1/translations", json({ text: "x".repeat(5_000_000) }), 413, "too large"],
    [
      "no such conversation",
      "/v1/chats/5f1e4bb2-7a06-4c2a-8a3d-0a4f0d6a8f11/messages",
      json({ text: "x" }),
      404,
      "no conversation",
    ],
    ["no id", "/v1/chats/../messages", json({ text: "x" }), 404, "/docs"],
    ["no address", "/v1/nothing", { method: "GET" }, 404, "there is no GET /v1/nothing; see /docs"],
    ["a crash", captions, photo("crash"), 503, "send the request again"],
    ["a fault of ours", captions, photo("bug"), 500, "went wrong"],
  ])("%s", async (_, path, request, status, message) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await fetch(`${server.url}${path}`, request);
    expect(response.status).toBe(status);
    const { error } = errorSchema.parse(await response.json());
    expect(error.message).toContain(message);
    expect(error.message).not.toContain(folder);
    expect(error.code).toMatch(/^[A-Z_]+$/);
    await vi.waitFor(() => expect(filesIn(folder)).toEqual([]));
    expect((await fetch(`${server.url}/v1/captions`, photo("next"))).status).toBe(200);
    vi.restoreAllMocks();
  });
});

test("a full queue is told with when to come back", async () => {
  const { url } = await startServer({ program, processes: 1, queue: 1 });
  const stop = new AbortController();
  const waiting = fetch(`${url}/v1/captions`, { ...photo("wait"), signal: stop.signal });
  waiting.catch(() => {});
  await vi.waitFor(async () => expect(await health(url)).toMatchObject({ running: 1 }));
  const next = fetch(`${url}/v1/captions`, photo("next"));
  await vi.waitFor(async () => expect(await health(url)).toMatchObject({ waiting: 1 }));
  const refused = await fetch(`${url}/v1/captions`, photo("more"));
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  // A client that leaves makes room.
  stop.abort();
  expect((await next).status).toBe(200);
});

const health = async (url: string) => (await fetch(`${url}/health`)).json();

test("a client that leaves in the middle of an upload leaves nothing", async () => {
  const folder = temporaryFolder();
  const { url } = await startServer({ program });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(
    "POST /v1/captions HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\npart",
  );
  await vi.waitFor(() => expect(filesIn(folder)).toHaveLength(1));
  socket.destroy();
  await vi.waitFor(() => expect(filesIn(folder)).toEqual([]));
  expect(await health(url)).toMatchObject({ status: "ok", waiting: 0, running: 0 });
});

test("a sender that is too slow is disconnected", async () => {
  const folder = temporaryFolder();
  const { url } = await startServer({ program, timeout: 0.5 });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(
    "POST /v1/captions HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\npart",
  );
  await new Promise((resolve) => socket.once("close", resolve).resume());
  await vi.waitFor(() => expect(filesIn(folder)).toEqual([]));
});

describe("access", () => {
  test("needs the key, but for whether it works", async () => {
    const { url } = await startServer({ program, apiKey: "secret" });
    const get = async (path: string, key?: string) => {
      const headers: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
      return (await fetch(`${url}${path}`, { headers })).status;
    };
    expect(await get("/health")).toBe(200);
    expect([await get("/v1/models"), await get("/v1/models", "wrong")]).toEqual([401, 401]);
    expect(await get("/metrics")).toBe(401);
    expect(await get("/v1/models", "secret")).toBe(200);
  });

  test("is not given to others without a key", async () => {
    await expect(startServer({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  });

  test("is not given to other sites' pages, unless they are named", async () => {
    const { url } = await startServer({ program, cors: ["https://friend.example"] });
    const from = (headers: Record<string, string>) => fetch(`${url}/v1/models`, { headers });
    expect((await from({ Origin: "https://other.example" })).status).toBe(403);
    expect((await from({ Origin: url })).status).toBe(200);
    const friend = await from({ Origin: "https://friend.example" });
    expect(friend.status).toBe(200);
    expect(friend.headers.get("Access-Control-Allow-Origin")).toBe("https://friend.example");
  });

  test("is not given by a name that leads to this machine", async () => {
    const { url } = await startServer({ program });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.end("GET /v1/models HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n");
    let answer = "";
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1.1 403/);
  });

  test("fails on a port that is taken", async () => {
    const { url } = await startServer({ program });
    const port = Number(new URL(url).port);
    await expect(startServer({ port })).rejects.toThrow(/cannot listen on 127.0.0.1, port \d+/);
  });
});

describe("a chat", () => {
  const start = async (url: string) => {
    const started = await fetch(`${url}/v1/chats`, { method: "POST" });
    return chatSchema.parse(await started.json()).id;
  };

  test("is answered word by word, with what was said before", async () => {
    const { url } = await startServer({ program });
    const messages = `${url}/v1/chats/${await start(url)}/messages`;
    const first = await fetch(messages, json({ text: "one two" }));
    expect(first.headers.get("Content-Type")).toContain("text/event-stream");
    expect(eventsIn(await first.text())).toEqual([
      ["token", { text: "one" }],
      ["token", { text: "two" }],
      ["answer", expect.objectContaining({ question: "one two", answer: "after 0 turns" })],
    ]);
    const second = eventsIn(await (await fetch(messages, json({ text: "three" }))).text());
    expect(second.at(-1)?.[1]).toMatchObject({ answer: "after 1 turns" });
  });

  test("tells what fails with a status, or later as an event", async () => {
    const { url } = await startServer({ program });
    const messages = `${url}/v1/chats/${await start(url)}/messages`;
    expect((await fetch(messages, json({ text: "fail" }))).status).toBe(422);
    const later = eventsIn(await (await fetch(messages, json({ text: "one fail" }))).text());
    expect(later).toEqual([
      ["token", { text: "one" }],
      ["error", { error: { code: "BAD_DATA", message: "fail" } }],
    ]);
  });

  test("sees a photo until it is put away, and is forgotten with its files", async () => {
    const folder = temporaryFolder();
    const { url } = await startServer({ program });
    const chat = `${url}/v1/chats/${await start(url)}`;
    const shown = await fetch(`${chat}/photo`, form([["image", file("dog", "my dog.jpg")]]));
    expect(await shown.json()).toEqual({ photo: "my_dog.jpg" });
    const ask = async () =>
      eventsIn(await (await fetch(`${chat}/messages`, json({ text: "what?" }))).text()).at(-1)?.[1];
    expect(await ask()).toMatchObject({ answer: "dog", source: { text: "my_dog.jpg" } });
    expect((await fetch(`${chat}/photo`, { method: "DELETE" })).status).toBe(204);
    expect(await ask()).toMatchObject({ answer: "after 0 turns" });
    expect(filesIn(folder)).toHaveLength(1);
    expect((await fetch(chat, { method: "DELETE" })).status).toBe(204);
    expect(filesIn(folder)).toEqual([]);
    expect((await fetch(chat, { method: "DELETE" })).status).toBe(404);
  });

  test("is taught a FAQ", async () => {
    const folder = temporaryFolder();
    const { url } = await startServer({ program });
    const response = await fetch(`${url}/v1/chats`, form([["faq", file("q,a", "help.csv")]]));
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      model: "help.csv",
      kind: "faq",
      taught: { answers: 1, questions: 2, warnings: ["help.csv"] },
    });
    const failed = await fetch(`${url}/v1/chats`, form([["faq", file("fail", "help.csv")]]));
    expect(failed.status).toBe(422);
    // The first one's bot.
    await vi.waitFor(() => expect(filesIn(folder)).toHaveLength(1));
  });
});

/** Server-sent events: names and data. */
function eventsIn(text: string): [string, unknown][] {
  return [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name = "", data = ""]) => [
    name,
    JSON.parse(data),
  ]);
}

test("tells which methods a path has", async () => {
  const { url } = await startServer({ program });
  const ask = (path: string, method: string) => fetch(`${url}${path}`, { method });
  const response = await ask("/v1/trainings/mine", "PUT");
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, DELETE"]);
  expect(errorSchema.parse(await response.json()).error.message).toBe(
    "/v1/trainings/mine has no PUT; use GET, DELETE",
  );
  expect((await ask("/v1/none", "PUT")).status).toBe(404);
  expect((await ask("/health", "HEAD")).status).toBe(200);
});

test("describes itself", async () => {
  const { url } = await startServer({ program });
  const description = await (await fetch(`${url}/openapi.json`)).json();
  const paths = ["/v1/captions", "/v1/answers", "/v1/translations", "/v1/chats"];
  const described = Object.fromEntries(paths.map((path) => [path, expect.anything()]));
  expect(description).toMatchObject({ openapi: "3.1.0", paths: described });
  const page = await (await fetch(`${url}/docs`)).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(3);
  for (const path of assets) expect((await fetch(`${url}${path}`)).status).toBe(200);
});

test("counts what it does", async () => {
  const { url } = await startServer({ program });
  await fetch(`${url}/v1/captions`, photo());
  await fetch(`${url}/v1/captions`, { method: "POST" });
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = (status: number) =>
    `attend_request_seconds_count{method="POST",route="/v1/captions",status="${status}"} 1`;
  expect(text).toContain(count(200));
  expect(text).toContain(count(415));
  expect(text).toContain('attend_batch_size_count{task="captions"} 1');
  expect(text).toContain("attend_requests_waiting 0");
});

test("closing finishes requests, then nobody listens", async () => {
  const folder = temporaryFolder();
  const server = await startServer({ program });
  await fetch(`${server.url}/v1/captions`, photo());
  const last = fetch(`${server.url}/v1/captions`, photo("last"));
  await vi.waitFor(async () => expect(await health(server.url)).toMatchObject({ running: 1 }));
  await server.close();
  expect(await (await last).json()).toMatchObject({ caption: "last" });
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  expect(filesIn(folder)).toEqual([]);
});
