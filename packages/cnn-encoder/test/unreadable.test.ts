import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { expect, test } from "vitest";
import { findUnreadable, findUnreadableOnce } from "../src/index.ts";

async function folderOfPhotos(): Promise<{ out: string; photos: { id: string; file: string }[] }> {
  const out = temporaryDirectory();
  const photos = ["a", "b", "c"].map((id) => ({ id, file: join(out, `${id}.png`) }));
  const plain = sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } });
  const png = await plain.png().toBuffer();
  for (const { id, file } of photos) if (id !== "c") await writeFile(file, id === "a" ? png : "b");
  return { out, photos };
}

test("photos that cannot be read are found, each with the reason", async () => {
  const { photos } = await folderOfPhotos();
  const progress: number[] = [];
  const found = await findUnreadable(photos, 8, { onProgress: (done) => progress.push(done) });
  expect([...found.keys()]).toEqual(["b", "c"]);
  expect(found.get("b")).toMatch(/b\.png is not a picture.*; the photo is skipped$/);
  expect(found.get("c")).toContain("c.png does not exist");
  expect(progress).toEqual([3]);
  const aborted = findUnreadable(photos, 8, { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ code: "INTERRUPTED" });
});

test("a resumed training skips the same photos", async () => {
  const { out, photos } = await folderOfPhotos();
  const find = (resume: boolean) => findUnreadableOnce(photos, 8, { out, resume });
  expect([...(await find(true)).keys()]).toEqual(["b", "c"]);
  expect(JSON.parse(await readFile(join(out, "left-out.json"), "utf8"))).toEqual(["b", "c"]);
  await rm(photos[0]?.file ?? "");
  const again = await find(true);
  expect([...again.keys()]).toEqual(["b", "c"]);
  expect(again.get("b")).toMatch(
    /^b is skipped, as when the training started \(.*left-out\.json\)$/,
  );
  expect((await find(false)).size).toBe(3);
});
