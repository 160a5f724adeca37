import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("a process that is being killed has time to end", async () => {
  const lock = join(folder, "a.lock");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  writeFileSync(lock, `${child.pid}\n`);
  setTimeout(() => child.kill("SIGKILL"), 300);
  await (await acquireLock(lock, heldError))();
});

test.runIf(process.platform === "linux")("a zombie holds nothing", async () => {
  const lock = join(folder, "a.lock");
  // `sleep` inherits a child for which it never waits.
  const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"]);
  const [id] = await once(parent.stdout, "data");
  const stateOf = () => /\) (.)/.exec(readFileSync(`/proc/${Number(id)}/stat`, "utf8"))?.[1];
  await expect.poll(stateOf).toBe("Z");
  writeFileSync(lock, `${id}`);
  await (await acquireLock(lock, heldError))();
  parent.kill();
});

test("a failure to write is reported and can be retried", async () => {
  const lock = join(folder, "absent", "a.lock");
  for (let i = 0; i < 2; i++) {
    await expect(acquireLock(lock, heldError)).rejects.toMatchObject({ code: "WRITE_FAILED" });
  }
  mkdirSync(join(folder, "absent"));
  await (await acquireLock(lock, heldError))();
});
