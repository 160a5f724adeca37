import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { formatSafetensors, readSafetensors, readWeights, type StoredTensor } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { beforeEach, expect, test } from "vitest";
import { readTensors, withoutBorrowed } from "../src/tensors.ts";
import { defineToys } from "./support/toy.ts";

useEngine();
const toys = defineToys();
const loan = { lender: "@toy/lender", prefix: "output.kernel" };
const fileOf = (folder: string) => join(folder, "model.safetensors");

/** A project with a package, and a model that is whole and one that borrows the kernel from that package. */
let project: string;
let lender: string;
let whole: string;
let borrower: string;
beforeEach(async () => {
  project = temporaryDirectory();
  lender = join(project, "node_modules/@toy/lender");
  [whole, borrower] = [join(project, "whole"), join(project, "borrower")];
  const model = toys.create({ size: 2, dropout: 0 }, ["a", "b", "c"], createRandom(1));
  await toys.save(model, whole);
  model.network.dispose();
  for (const folder of [lender, borrower]) cpSync(whole, folder, { recursive: true });
  writeFileSync(join(lender, "package.json"), "{}");
  writeFileSync(fileOf(borrower), await withoutBorrowed(fileOf(whole), loan));
});

async function weightsOf(folder: string): Promise<Map<string, StoredTensor>> {
  const { network } = await toys.load(folder);
  const weights = readWeights(network);
  network.dispose();
  return weights;
}

/** Changes the lender's tensors. */
async function lend(change: (tensors: Map<string, StoredTensor>) => unknown): Promise<void> {
  const tensors = new Map((await readSafetensors(fileOf(lender))).tensors);
  change(tensors);
  writeFileSync(fileOf(lender), formatSafetensors(tensors, { precision: "float16" }));
}

/** That the model cannot be loaded, for a reason told in one line. */
async function expectFault(folder: string, code: string, ...parts: string[]): Promise<void> {
  await expectNoLeak(async () => {
    const message = expect.stringMatching(/^[^\n]*$/);
    await expect(toys.load(folder)).rejects.toMatchObject({ code, message });
    for (const part of parts) await expect(toys.load(folder)).rejects.toThrow(part);
  });
}

test("a model borrows weights of a package, and needs no copy of them", async () => {
  expect([...(await readSafetensors(fileOf(borrower))).tensors.keys()]).toEqual(["output.bias"]);
  const expected = await weightsOf(whole);
  await expectNoLeak(async () => expect(await weightsOf(borrower)).toEqual(expected));
  const kernel = (await readTensors(fileOf(borrower))).get("output.kernel");
  expect(kernel?.float16?.buffer.byteLength).toBe(statSync(fileOf(lender)).size);
  await lend((tensors) => tensors.set("output.bias", { shape: [1], data: Float32Array.of(1) }));
  expect(await weightsOf(borrower)).toEqual(expected);
});

test("what it becomes is whole again", async () => {
  const saved = join(project, "saved");
  const model = await toys.load(borrower);
  await toys.save(model, saved);
  model.network.dispose();
  expect(readFileSync(fileOf(saved))).toEqual(readFileSync(fileOf(whole)));
  await toys.average([borrower], saved);
  expect(readFileSync(fileOf(saved))).toEqual(readFileSync(fileOf(whole)));
});

test("the package is found where a link leads, and where a copy was put only if it is installed there", async () => {
  const elsewhere = temporaryDirectory();
  symlinkSync(borrower, join(elsewhere, "link"));
  expect(await weightsOf(join(elsewhere, "link"))).toEqual(await weightsOf(whole));
  const copy = join(elsewhere, "copy");
  cpSync(borrower, copy, { recursive: true });
  const remedy = "run `npm install @toy/lender` in that folder, or use the model where";
  await expectFault(
    copy,
    "FILE_NOT_FOUND",
    fileOf(copy),
    "output.kernel* from @toy/lender",
    remedy,
  );
  mkdirSync(join(copy, "node_modules"));
  cpSync(join(project, "node_modules"), join(copy, "node_modules"), { recursive: true });
  expect(await weightsOf(copy)).toEqual(await weightsOf(whole));
  rmSync(fileOf(join(copy, "node_modules/@toy/lender")));
  await expectFault(copy, "FILE_NOT_FOUND", "not completely installed", remedy);
});

test("rejects a package with other weights, or without them", async () => {
  const changes: ((tensors: Map<string, StoredTensor>) => unknown)[] = [
    (tensors) => tensors.set("output.kernel", { shape: [2, 3], data: new Float32Array(6) }),
    (tensors) => tensors.delete("output.kernel"),
    (tensors) => tensors.set("output.kernel2", { shape: [1], data: Float32Array.of(1) }),
  ];
  const previous = readFileSync(fileOf(lender));
  for (const change of changes) {
    await lend(change);
    const fault = `output.kernel* from @toy/lender, but those in ${fileOf(lender)} are others`;
    await expectFault(borrower, "BAD_WEIGHTS", fileOf(borrower), fault);
    await expect(withoutBorrowed(fileOf(whole), loan)).rejects.toThrow("are others; install");
    writeFileSync(fileOf(lender), previous);
  }
  writeFileSync(fileOf(lender), "no weights");
  await expectFault(borrower, "BAD_WEIGHTS", fileOf(lender), "not a complete safetensors file");
});

test("rejects an incomplete note, and one that leads out of the installed packages", async () => {
  const { tensors, metadata } = await readSafetensors(fileOf(borrower));
  for (const [key, value] of [
    ["prefix", ""],
    ["lender", "../../node_modules/@toy/lender"],
    ["lender", lender],
  ] as const) {
    const options = { metadata: { ...metadata, [key]: value } };
    writeFileSync(fileOf(borrower), formatSafetensors(tensors, options));
    await expectFault(borrower, "BAD_WEIGHTS", `${fileOf(borrower)}, metadata: ${key}: `);
  }
});
