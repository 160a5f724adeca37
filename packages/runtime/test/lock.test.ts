import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AttendError } from "../src/errors.ts";
import { acquireLock } from "../src/lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const heldError = (owner: number) => new AttendError("BAD_ARGUMENT", `process ${owner} is at work`);

test("only one holds it at a time", async () => {
  const lock = join(folder, "a.lock");
  const tries = await Promise.allSettled([1, 2, 3].map(() => acquireLock(lock, heldError)));
  const [first, ...others] = tries.filter(({ status }) => status === "fulfilled");
  if (first?.status !== "fulfilled") throw new Error("no lock was acquired");
  expect(others).toEqual([]);
  await expect(acquireLock(join(folder, ".", "a.lock"), heldError)).rejects.toThrow(
    `process ${process.pid} is at work`,
  );
  await first.value();
  expect(existsSync(lock)).toBe(false);
  await (await acquireLock(lock, heldError))();
});

test("a stale lock is taken over", async () => {
  const lock = join(folder, "a.lock");
  // No such process; an incomplete write; an earlier process with the id of this one.
  for (const left of ["2147483646", "", "x", "-1", `${process.pid}`]) {
    writeFileSync(lock, left);
    await (await acquireLock(lock, heldError))();
    expect(existsSync(lock)).toBe(false);
  }
  writeFileSync(lock, `${process.ppid}\n`);
  await expect(acquireLock(lock, heldError)).rejects.toThrow(`process ${process.ppid} is at work`);
  expect(existsSync(lock)).toBe(true);
});

test("a failure to write is reported and can be retried", async () => {
  const lock = join(folder, "absent", "a.lock");
  for (let i = 0; i < 2; i++) {
    await expect(acquireLock(lock, heldError)).rejects.toMatchObject({ code: "WRITE_FAILED" });
  }
  mkdirSync(join(folder, "absent"));
  await (await acquireLock(lock, heldError))();
});
