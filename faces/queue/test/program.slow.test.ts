import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { attendQueue, attendQueueWith, readJsonLines } from "./support/program.ts";
import { describeWithRedis } from "./support/redis.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const photos = join(repository, "examples/photos");
const shapes = join(repository, "models/answerer-shapes");

describeWithRedis("attend-queue", (redis) => {
  test("translates a list from stdin, and tells how far it is", async () => {
    const queue = redis.newQueue();
    const added = await attendQueueWith(
      "A dog runs.\n\nTwo men sing.\n",
      ...[queue, "add", "translation", "-", "--json"],
    );
    expect(JSON.parse(added.stdout)).toEqual({ kind: "translation", source: "-", added: 3 });
    const out = join(temporaryDirectory(), "out.jsonl");
    const early = await attendQueue(queue, "collect", "--out", out, "--available");
    expect(early).toMatchObject({ code: 0, stdout: `0 of 3 texts are in ${out}\n` });
    const worked = await attendQueue(queue, "work", "--until-done");
    expect(worked).toMatchObject({ code: 0, stdout: "3 items were done here\n" });
    const status = JSON.parse((await attendQueue(queue, "status", "--json")).stdout);
    expect(status).toMatchObject({
      ...{ added: 3, complete: true, done: 3, failed: 0, collected: 0, workers: [], failures: {} },
      ...{ batches: { waiting: 0, active: 0, delayed: 0 }, failedItems: [] },
    });
    expect(await attendQueue(queue, "collect", "--out", out)).toMatchObject({ code: 0 });
    expect(readJsonLines(out)).toMatchObject([
      { source: "A dog runs.", text: "Ein Hund rennt." },
      { source: "", text: "" },
      { source: "Two men sing.", text: "Zwei Männer singen." },
    ]);
    expect(await attendQueue(queue, "remove")).toMatchObject({ code: 0 });
  });

  test("captions photos, and lists those that fail, with the reason", async () => {
    const queue = redis.newQueue();
    const folder = temporaryDirectory();
    const list = join(folder, "photos.jsonl");
    const broken = join(folder, "broken.jpg");
    writeFileSync(broken, "no photo");
    const rows = [
      { image: join(photos, "cat.jpg"), id: 1 },
      { image: broken, id: 2 },
      { image: join(photos, "rocket.jpg"), id: 3 },
    ];
    writeFileSync(list, rows.map((row) => JSON.stringify(row)).join("\n"));
    await attendQueue(queue, "add", "captions", list, "--beam", "1");
    expect(await attendQueue(queue, "work", "--until-done")).toMatchObject({ code: 0 });
    const { stdout } = await attendQueue(queue, "status");
    expect(stdout).toContain("done       3 (100 %); 1 of them failed\n");
    expect(stdout).toContain("failures   BAD_IMAGE 1\n");
    const out = join(folder, "out.jsonl");
    const collected = await attendQueue(queue, "collect", "--out", out);
    expect(collected).toMatchObject({ code: 1, stdout: `3 of 3 photos are in ${out}\n` });
    expect(collected.stderr).toBe('1 of 3 photos failed: their lines have "error"\n');
    const lines = readJsonLines(out);
    expect(lines.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(lines.map(({ caption }) => typeof caption)).toEqual(["string", "undefined", "string"]);
    expect(lines[1]).toMatchObject({ code: "BAD_IMAGE", error: expect.stringContaining(broken) });
  });

  test("asks each photo of a folder, with a model of its own", async () => {
    const queue = redis.newQueue();
    const questions = ["what color is it?", "is it a circle?"];
    const asked = questions.flatMap((question) => ["--question", question]);
    await attendQueue(queue, "add", "questions", photos, ...asked, "--model", shapes);
    expect(await attendQueue(queue, "work", "--until-done")).toMatchObject({ code: 0 });
    const out = join(temporaryDirectory(), "out.jsonl");
    expect(await attendQueue(queue, "collect", "--out", out)).toMatchObject({ code: 0 });
    const lines = readJsonLines(out);
    expect(lines).toHaveLength(12);
    expect(lines.slice(0, 2).map(({ question }) => question)).toEqual(questions);
    expect(lines.every(({ answer }) => typeof answer === "string")).toBe(true);
  });

  test("recognizes what is said", async () => {
    const queue = redis.newQueue();
    const speech = join(repository, "examples/speech");
    await attendQueue(queue, "add", "recognition", speech, "--recognizer", "digits");
    expect(await attendQueue(queue, "work", "--until-done")).toMatchObject({ code: 0 });
    const out = join(temporaryDirectory(), "out.jsonl");
    expect(await attendQueue(queue, "collect", "--out", out)).toMatchObject({ code: 0 });
    const [first] = readJsonLines(out);
    expect(first).toMatchObject({ engine: "digits", segments: expect.any(Array) });
    expect(first?.["audio"]).toContain(speech);
  });

  test("a model that is not there ends a worker, and no item fails for it", async () => {
    const queue = redis.newQueue();
    await attendQueueWith("A dog.\n", queue, "add", "translation", "-", "--model", "none");
    const worked = await attendQueue(queue, "work", "--until-done");
    expect(worked.code).toBe(1);
    expect(worked.stderr).toMatch(/^error: .*none does not exist.*\n$/);
    expect((await attendQueue(queue, "status")).stdout).toContain("done       0 (0 %)");
  });

  test.each([
    ["an empty queue", ["status"], 1, "error: there is nothing in the queue"],
    ["a missing folder", ["add", "captions", "/none"], 1, "error: /none does not exist"],
    ["another kind", ["add", "poems", "a.txt"], 2, "error: unknown command 'poems'"],
    ["no file to write", ["collect"], 2, "error: required option '--out <file>' not specified"],
  ])("%s is an error of one line", async (_, args, code, message) => {
    const outcome = await attendQueue(redis.newQueue(), ...args);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toContain(message);
  });
});

test("so is a Redis that does not answer, and an address that is none", async () => {
  const absent = await attendQueue("redis://127.0.0.1:1/photos", "status");
  expect(absent).toEqual({
    ...{ code: 1, stdout: "" },
    stderr: `error: no Redis answers at 127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1); start one with redis-server, or give another --queue\n`,
  });
  const wrong = await attendQueue("http://host/photos", "status");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain(`"http://host/photos" is not the address of a queue`);
});
