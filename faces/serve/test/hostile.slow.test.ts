import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom, type Random } from "@attend/runtime/random";
import { expect, test, vi } from "vitest";
import { errorSchema } from "../src/schemas/errors.ts";
import { healthSchema } from "../src/schemas/models.ts";
import { filesIn, startServer, temporaryFolder } from "./support/start.ts";

/*
 * Two thousand requests that mean no good, at a damaged picture, text or recording each, or from a client that is slow or
 * leaves: the server answers each that can be answered, and afterwards it is as it was.
 */

const count = 2000;
const atATime = 16;
const photo = readFileSync(join(import.meta.dirname, "../../../examples/photos/cat.jpg"));
const translation = JSON.stringify({ text: "A man rides a horse.", to: "de", alternatives: 2 });

type Send = (url: string, random: Random) => Promise<Response | undefined>;

const kinds: readonly Send[] = [
  (url, random) => post(`${url}/v1/captions`, "image/jpeg", damaged(photo, random)),
  (url, random) => post(`${url}/v1/translations`, "application/json", damagedText(random)),
  (url, random) => post(`${url}/v1/recognitions?engine=digits`, "audio/wav", wav(random)),
  (url, random) =>
    post(`${url}/v1/answers`, "multipart/form-data; boundary=x", damagedForm(random)),
  (url, random) => partly(url, random, 200),
  (url, random) => partly(url, random, 0),
  (url, random) => raw(url, damaged(Buffer.from(head(100)), random)),
];

test(`${count} hostile requests leave the server as it was`, async () => {
  const folder = temporaryFolder();
  const { url } = await startServer({ timeout: 120, queue: 1000 });
  const good = () => post(`${url}/v1/captions`, "image/jpeg", photo);
  const before = await (await good())?.json();
  const log = vi.spyOn(console, "error");
  const statuses = new Map<number, number>();
  const indices = Array.from({ length: count }, (_, i) => i).values();
  const client = async () => {
    for (const i of indices) {
      const random = createRandom(i);
      const response = await kinds[i % kinds.length]?.(url, random);
      if (response === undefined) continue;
      const body: unknown = await response.json();
      if (!response.ok) errorSchema.parse(body);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atATime }, client));
  // Nothing was a fault of the server: no 500, and no engine process was lost.
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(statuses.get(400)).toBeGreaterThan(100);
  expect(statuses.get(422)).toBeGreaterThan(20);
  expect(log).not.toHaveBeenCalled();
  expect(await (await good())?.json()).toEqual(before);
  await vi.waitFor(() => expect(filesIn(folder)).toEqual([]));
  const health = healthSchema.parse(await (await fetch(`${url}/health`)).json());
  expect(health).toMatchObject({ waiting: 0, running: 0 });
}, 1_800_000);

async function post(url: string, type: string, body: Uint8Array | string) {
  return fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
}

/** Some bytes are changed, and the end may be cut off. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  const changes = random.integer(20);
  for (let i = 0; i < changes; i++) {
    copy[random.integer(copy.length)] = random.integer(256);
  }
  return random.uniform() < 0.5 ? copy : copy.slice(0, random.integer(copy.length));
}

const nonsense: readonly unknown[] = [
  null,
  { text: { toString: "x" } },
  { texts: Array(1000).fill("x") },
  { text: "x".repeat(20_001) },
  { text: "\u0000\ud800\u202e", to: "de" },
  { text: "x", to: "__proto__" },
  { text: "x", model: "../../etc/passwd" },
  { text: "x", alternatives: 1e308 },
  { text: "x", beamWidth: -1 },
];

function damagedText(random: Random): Uint8Array<ArrayBuffer> | string {
  if (random.uniform() < 0.1) return "[".repeat(100_000);
  if (random.uniform() < 0.5) return damaged(Buffer.from(translation), random);
  return JSON.stringify(nonsense[random.integer(nonsense.length)]);
}

function damagedForm(random: Random): Uint8Array<ArrayBuffer> {
  const part = (name: string, more = "") =>
    `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const file = `; filename="../../\u0000cat.jpg"`;
  const text = `${part("question")}what is it?\r\n${part("image", file)}`;
  return damaged(Buffer.concat([Buffer.from(text), photo, Buffer.from("\r\n--x--\r\n")]), random);
}

/** A tenth of a second of noise, with a header that may be damaged. */
function wav(random: Random): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(44 + 3200);
  for (let i = 44; i < bytes.length; i++) bytes[i] = random.integer(256);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 3200, 4);
  bytes.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, 16_000],
    [28, 32_000],
    [40, 3200],
  ] as const) {
    bytes.writeUInt32LE(value, at);
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const) {
    bytes.writeUInt16LE(value, at);
  }
  bytes.write("data", 36);
  return Buffer.concat([damaged(bytes.subarray(0, 44), random), bytes.subarray(44)]);
}

const head = (length: number) =>
  `POST /v1/captions HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`;

/** A client that sends a part of a photo, waits, and leaves. */
async function partly(url: string, random: Random, milliseconds: number): Promise<undefined> {
  const part = photo.subarray(0, random.integer(photo.length));
  await raw(url, Buffer.concat([Buffer.from(head(photo.length)), part]), milliseconds);
}

async function raw(url: string, bytes: Uint8Array, milliseconds = 50): Promise<undefined> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  await wait(milliseconds);
  socket.destroy();
}
