import { expect, test } from "vitest";
import { yieldTurn } from "../src/index.ts";

test("timers can run, and an aborted signal stops the work", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort());
  const work = async () => {
    for (;;) await yieldTurn(controller.signal);
  };
  await expect(work()).rejects.toMatchObject({ code: "INTERRUPTED" });
  await yieldTurn();
});
