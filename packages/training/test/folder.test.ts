import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { holdFolder } from "../src/folder.ts";
import { train } from "../src/index.ts";
import { resumable } from "./support/resumable.ts";
import { createToy } from "./support/toy.ts";

useEngine();

test("one training at a time writes into a folder", async () => {
  const out = temporaryDirectory();
  const toy = createToy();
  const options = { out, resume: true };
  let first: Promise<unknown> | undefined;
  await new Promise<void>((resolve) => {
    first = train(toy, resumable, {
      ...options,
      onEvent: ({ type }) => type === "start" && resolve(),
    });
  });
  await expect(train(toy, resumable, options)).rejects.toThrow(
    `another training is writing into ${out} (process ${process.pid})`,
  );
  await first;
  expect(existsSync(join(out, "training.lock"))).toBe(false);
  await train(toy, resumable, options); // The folder is free.
  toy.module.dispose();
});

test("what a process left behind does not keep the next one out", async () => {
  const out = temporaryDirectory();
  const lock = join(out, "training.lock");
  // No such process; none at all; an earlier process that had the number of this one.
  for (const left of ["2147483646", "", `${process.pid}`]) {
    writeFileSync(lock, left);
    await (await holdFolder(out))();
    expect(existsSync(lock)).toBe(false);
  }
  writeFileSync(lock, `${process.ppid}`);
  await expect(holdFolder(out)).rejects.toThrow(`(process ${process.ppid})`);
});
