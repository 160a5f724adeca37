import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createFixture, writePhoto } from "./fixture.ts";
import { caption } from "./support/program.ts";

const { model, photos, broken } = await createFixture();
const [photo = ""] = photos;

describe("a bad photo never ends a run", { timeout: 600_000 }, () => {
  test("whether the photo or its heat map fails", async (context) => {
    const folder = temporaryDirectory();
    const heatmaps = join(folder, "heatmaps");
    const jpeg = await readFile(photo);

    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    const parameters = scan + 5 + 2 * (jpeg[scan + 4] ?? 0);
    const invalid = join(folder, "scan.jpg");
    await writeFile(invalid, Buffer.from(jpeg).fill(0, parameters, parameters + 3));
    const bracket = join(folder, "photo.jpg[1]");
    await copyFile(photo, bracket);
    const long = join(folder, `${"n".repeat(245)}.jpg`);
    await copyFile(photo, long);
    const large = await writePhoto(folder, "large.png", { width: 400, height: 300 });
    const undrawn = join(folder, "undrawn.jpg");
    await copyFile(photo, undrawn);
    await mkdir(join(heatmaps, "undrawn.heatmap.png"), { recursive: true });
    const pipe = join(folder, "pipe");
    await promisify(execFile)("mkfifo", [pipe]).catch(() =>
      context.skip("no named pipes on this system"),
    );
    createReadStream(photo).pipe(createWriteStream(pipe));

    const server = createServer(({ url }, response) => {
      if (url === "/photo.jpg") response.end(jpeg);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const web = `${root}/photo.jpg`;

    const inputs = [invalid, broken, bracket, pipe, long, large, undrawn, web, `${root}/no.jpg`];
    const flags = ["--attention", heatmaps, "--max-pixels", "100000", "--json", "--quiet"];
    const { code, stdout, stderr } = await caption([...inputs, photo, ...flags, "--model", model]);
    server.close();

    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ image }) => image)).toEqual([...inputs, photo]);
    const expected = rows.at(-1).caption;
    expect(expected).toMatch(/\w/);
    for (const { image, caption, heatmap, error, heatmapError } of rows) {
      if ([broken, large, `${root}/no.jpg`].includes(image)) {
        expect(error).toEqual(expect.any(String));
        continue;
      }
      expect(caption).toBe(expected);
      if (image === undrawn) expect(heatmapError).toContain("it is a folder");
      else expect(await readdir(heatmaps)).toContain(heatmap.slice(heatmaps.length + 1));
    }
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^error: .*broken\.jpg is not a picture/),
      `error: ${large} has 400 x 300 pixels, 0.12 megapixels; the limit is 0.1 megapixels: make it smaller or raise --max-pixels`,
      `error: cannot write ${join(heatmaps, "undrawn.heatmap.png")}: it is a folder; choose another path`,
      `error: cannot read ${root}/no.jpg: the server answers 404 Not Found; check the address`,
      "3 of 10 photos could not be captioned",
      "1 of 10 heat maps could not be written",
    ]);
    expect(code).toBe(1);
  });
});
