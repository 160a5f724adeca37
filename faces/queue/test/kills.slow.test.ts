import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRandom } from "@attend/runtime/random";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readWork } from "../src/work.ts";
import { attendQueue, readLinesOf, startWorkerProcess } from "./support/program.ts";
import { describeWithRedis, withStore } from "./support/redis.ts";
import { writeShapes } from "./support/shapes.ts";

const shapes = fileURLToPath(new URL("../../../models/answerer-shapes", import.meta.url));
/** ATTEND_QUEUE_ITEMS=100000 is the whole test. */
const count = Number(process.env["ATTEND_QUEUE_ITEMS"] ?? 3000);
const [workers, kills] = [4, 5];

describeWithRedis("four workers, five of them killed at random moments", (redis) => {
  test(`${count} items have ${count} outcomes, none twice`, {
    timeout: 6 * 3_600_000,
  }, async () => {
    const queue = redis.newQueue();
    const folder = temporaryDirectory();
    await mkdir(join(folder, "shapes"));
    const photos = await writeShapes(join(folder, "shapes"), 50);
    const list = createWriteStream(join(folder, "items.jsonl"));
    for (let id = 0; id < count; id++) {
      const row = { image: photos[id % photos.length], question: "what color is it?", id };
      if (!list.write(`${JSON.stringify(row)}\n`)) await once(list, "drain");
    }
    list.end();
    await once(list, "finish");
    const added = await attendQueue(
      queue,
      "add",
      "questions",
      list.path.toString(),
      "--model",
      shapes,
    );
    expect(added.stdout).toBe(`${count} questions are in the queue queue-0\n`);

    const start = () => startWorkerProcess(queue, ["--processes", "1", "--lost-after", "3"]);
    const running = Array.from({ length: workers }, start);
    const out = join(folder, "out.jsonl");
    // From the start, and interrupted as well.
    const collecting = attendQueue(queue, "collect", "--out", out, "--available");
    const random = createRandom(1);
    const done = () => withStore(queue, async (store) => (await readWork(store))?.done ?? 0);
    for (let kill = 1; kill <= kills; kill++) {
      const next = ((kill - 1 + random.uniform()) * 0.9 * count) / kills;
      while ((await done()) < next) await wait(100);
      const victim = Math.floor(random.uniform() * workers);
      await running[victim]?.kill();
      running[victim] = start();
    }
    await collecting;
    const collected = await attendQueue(queue, "collect", "--out", out);
    expect(collected).toMatchObject({
      code: 0,
      stdout: `${count} of ${count} questions are in ${out}\n`,
    });
    await Promise.all(running.map((worker) => worker.stop()));
    let id = 0;
    for await (const line of readLinesOf(out)) {
      expect(line["id"]).toBe(id++);
      expect(line["answer"]).toEqual(expect.any(String));
    }
    expect(id).toBe(count);
    expect(await done()).toBe(count);
  });
});
