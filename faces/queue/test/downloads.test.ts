import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AttendError } from "@attend/runtime/errors";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Downloads } from "../src/downloads.ts";
import { itemsOf } from "../src/items.ts";
import { kinds } from "../src/kinds/index.ts";
import { allOf } from "./support/all-of.ts";

/** A storage that speaks S3, as far as it is asked here, and a web server: objects by their paths. */
const objects = new Map([
  ["/photos/2024/a.jpg", "photo a"],
  ["/photos/2024/b.PNG", "photo b"],
  ["/photos/2024/notes.txt", "notes"],
  ["/photos/2025/c.jpg", "photo c"],
]);

function answer({ url = "" }: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, "http://host");
  const prefix = searchParams.get("prefix");
  if (prefix !== null) {
    // A page has one key.
    const bucket = pathname.replace(/\/$/, "");
    const keys = [...objects.keys()]
      .filter((path) => path.startsWith(`${bucket}/${prefix}`))
      .map((path) => path.slice(bucket.length + 1));
    const at = Number(searchParams.get("continuation-token") ?? 0);
    const contents = keys.slice(at, at + 1).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    const isLast = at + 1 >= keys.length;
    const next = isLast ? "" : `<NextContinuationToken>${at + 1}</NextContinuationToken>`;
    response.setHeader("Content-Type", "application/xml");
    response.end(
      `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${contents.join("")}${next}</ListBucketResult>`,
    );
  } else {
    const content = objects.get(pathname);
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content ?? "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>");
  }
}

const server = createServer(answer);
let url: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.close();
  await once(server, "close");
});

describe("what is at an address", () => {
  const downloads = new Downloads();
  afterAll(() => downloads.close());
  const read = async (file: string) => ({ file, content: readFileSync(file, "utf8") });

  test("is a file while it is needed, by HTTP and by S3", async () => {
    for (const address of [`${url}/photos/2024/a.jpg`, "s3://photos/2024/a.jpg"]) {
      const { file, content } = await downloads.use(address, read);
      expect(content).toBe("photo a");
      expect(file).toMatch(/\.jpg$/);
      expect(existsSync(file)).toBe(false);
    }
  });

  test("is named by errors, not the file that it was for a time", async () => {
    const work = downloads.use(`${url}/photos/2024/a.jpg`, async (file) => {
      throw new AttendError("BAD_IMAGE", `${file} is not a picture`);
    });
    await expect(work).rejects.toMatchObject({
      code: "BAD_IMAGE",
      message: `${url}/photos/2024/a.jpg is not a picture`,
    });
  });

  test.each([
    ["http://127.0.0.1:1/a.jpg", "cannot read http://127.0.0.1:1/a.jpg: "],
    ["s3://photos/none.jpg", "cannot read s3://photos/none.jpg: no such key; check its name"],
    ["s3://", "s3:// names no bucket; give s3://bucket/name"],
  ])("%s cannot be read", async (address, message) => {
    await expect(downloads.use(address, read)).rejects.toThrow(message);
  });

  test("may be missing", async () => {
    const work = downloads.use(`${url}/none.jpg`, read);
    await expect(work).rejects.toMatchObject({
      code: "READ_FAILED",
      message: `cannot read ${url}/none.jpg: the server answers 404 Not Found; check the address`,
    });
  });
});

test("the photos of a bucket are items, page by page", async () => {
  expect(await allOf(itemsOf("s3://photos/2024/", kinds.captions))).toEqual([
    { image: "s3://photos/2024/a.jpg" },
    { image: "s3://photos/2024/b.PNG" },
  ]);
  await expect(allOf(itemsOf("s3://photos/2026/", kinds.captions))).rejects.toThrow(
    "s3://photos/2026/ holds nothing that ends in .jpg",
  );
});
