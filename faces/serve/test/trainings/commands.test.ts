import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { beforeEach, expect, test } from "vitest";
import { argumentsOf, type DataPlaces } from "../../src/trainings/commands.ts";

let places: DataPlaces;
let elsewhere: string;

beforeEach(() => {
  const root = temporaryDirectory();
  places = { folder: join(root, "data"), anywhere: true };
  elsewhere = join(root, "pairs.tsv");
  mkdirSync(join(places.folder, "photos"), { recursive: true });
  writeFileSync(join(places.folder, "captions.csv"), "");
  writeFileSync(elsewhere, "");
});

test("options in camel case become those of the program; data are paths", () => {
  const data = { images: "photos", captions: "captions.csv" };
  const options = { minutes: 5, heldOut: 0.1, allowMissing: true, imageColumn: "--out=/etc" };
  expect(argumentsOf({ kind: "caption", data, options }, places)).toEqual([
    `--images=${join(places.folder, "photos")}`,
    `--captions=${join(places.folder, "captions.csv")}`,
    "--minutes=5",
    "--held-out=0.1",
    "--allow-missing",
    "--image-column=--out=/etc",
  ]);
});

test("pairs are arguments, after all options", () => {
  const data = { pairs: elsewhere };
  const options = { from: "en", to: "de", swap: false };
  expect(argumentsOf({ kind: "translate", data, options }, places)).toEqual([
    "--from=en",
    "--to=de",
    "--",
    elsewhere,
  ]);
});

test.each([
  [
    "an option of the server's",
    { options: { out: "/tmp/x" } },
    /options.out is not known to caption/,
  ],
  [
    "a file among the options",
    { options: { config: "/etc/passwd" } },
    /options.config is not known/,
  ],
  [
    "data of another kind",
    { data: { faq: "captions.csv" } },
    /data.faq is not known to caption; use images/,
  ],
  ["a missing file", { data: { images: "none" } }, /data.images: none .*upload it first/],
  [
    "a path that leads out",
    { data: { images: "../pairs.tsv" } },
    /outside of the training's own data/,
  ],
])("refuses %s", (_, given, message) => {
  const request = { kind: "caption", data: {}, ...given } as const;
  expect(() => argumentsOf(request, places)).toThrow(message);
});

test("a server that others reach takes only what was uploaded, and no link out of it", () => {
  symlinkSync(elsewhere, join(places.folder, "link.tsv"));
  const of = (pairs: string) => () =>
    argumentsOf({ kind: "translate", data: { pairs } }, { ...places, anywhere: false });
  expect(of(elsewhere)).toThrow(/outside of the training's own data; upload it/);
  expect(of("link.tsv")).toThrow(/outside of the training's own data; upload it/);
  expect(of("captions.csv")()).toEqual(["--", join(places.folder, "captions.csv")]);
});
