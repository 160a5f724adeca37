import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { missingCommand, startRedis, temporaryDirectory } from "@attend/test-kit";
import { afterAll, describe, expect, test } from "vitest";
import { readJsonLines, runWithin, startWorkerProcess } from "./support/program.ts";
import { writeShapes } from "./support/shapes.ts";

const shapes = fileURLToPath(new URL("../../../models/answerer-shapes", import.meta.url));
const ip = (...args: string[]) => spawnSync("ip", args, { encoding: "utf8" });
/** Of Redis, and of two workers. */
const names = ["r", "a", "b"].map((name) => `attend-${process.pid}-${name}`);
const [ofRedis = "", ...ofWorkers] = names;
const within = (name: string) => ["ip", "netns", "exec", name];

const why = reasonToSkip();
if (why !== undefined) test.skip(`workers in network namespaces (${why})`);
else describe("workers in network namespaces", tests);

function reasonToSkip(): string | undefined {
  if (missingCommand("redis-server") !== undefined) return "redis-server is not installed";
  const { status, stderr, error } = ip("netns", "add", ofRedis);
  if (status !== 0) return `ip netns add: ${error?.message ?? stderr.trim()}`;
  ip("netns", "del", ofRedis);
  return undefined;
}

/** Each worker has a link to Redis of its own. @returns whether it has delay and loss, which not every kernel can */
function connect(): boolean {
  for (const name of names) ip("netns", "add", name);
  return ofWorkers
    .map((name, i) => {
      const [here, there] = [`r${i}-${process.pid}`, `w${i}-${process.pid}`];
      ip(
        "link",
        "add",
        here,
        "netns",
        ofRedis,
        "type",
        "veth",
        "peer",
        "name",
        there,
        "netns",
        name,
      );
      ip("-n", ofRedis, "addr", "add", `10.77.${i}.1/24`, "dev", here);
      ip("-n", name, "addr", "add", `10.77.${i}.2/24`, "dev", there);
      ip("-n", ofRedis, "link", "set", here, "up");
      ip("-n", name, "link", "set", there, "up");
      const netem = ["qdisc", "add", "dev", there, "root", "netem", "delay", "20ms", "loss", "1%"];
      return spawnSync("tc", ["-n", name, ...netem]).status === 0;
    })
    .every(Boolean);
}

function tests(): void {
  afterAll(() => {
    for (const name of names) ip("netns", "del", name);
  });

  test("a link that is cut for ten seconds costs a retry, and no outcome is there twice", {
    timeout: 1_800_000,
  }, async () => {
    if (!connect()) console.warn("without delay and loss: this kernel has no netem");
    ip("-n", ofRedis, "link", "set", "lo", "up");
    const redis = await startRedis({ host: "0.0.0.0", within: within(ofRedis) });
    const port = new URL(redis?.url ?? "").port;
    const queueAt = (host: string) => `redis://${host}:${port}/cut`;
    const folder = temporaryDirectory();
    const photos = await writeShapes(folder, 50);
    const rows = Array.from({ length: 1000 }, (_, id) => {
      return { image: photos[id % photos.length], question: "is it a circle?", id };
    });
    const list = join(folder, "items.jsonl");
    writeFileSync(list, rows.map((row) => JSON.stringify(row)).join("\n"));
    const ask = (...args: string[]) => runWithin(within(ofRedis), queueAt("127.0.0.1"), args);
    await ask("add", "questions", list, "--model", shapes);
    const workers = ofWorkers.map((name, i) =>
      startWorkerProcess(queueAt(`10.77.${i}.1`), ["--processes", "1", "--lost-after", "4"], {
        within: within(name),
      }),
    );
    for (let done = 0; done < 200; await wait(200)) {
      done = JSON.parse((await ask("status", "--json")).stdout).done;
    }
    const link = `r0-${process.pid}`;
    ip("-n", ofRedis, "link", "set", link, "down");
    await wait(10_000);
    ip("-n", ofRedis, "link", "set", link, "up");
    const out = join(folder, "out.jsonl");
    expect(await ask("collect", "--out", out)).toMatchObject({ code: 0 });
    expect(readJsonLines(out).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    for (const worker of workers) expect(await worker.stop()).toContain("items were done here");
    await redis?.stop();
  });
}
