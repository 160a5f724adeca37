import { createReadStream, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImageSource, type LoadedImage, loadImage } from "../src/index.ts";

const scene = fileURLToPath(new URL("./fixtures/scene.png", import.meta.url));
const size = 4;
const load = (source: ImageSource, options = {}) => loadImage(source, { size, ...options });

let bytes: Buffer;
let expected: LoadedImage;
beforeAll(async () => {
  bytes = await readFile(scene);
  expected = await load(scene);
});

/** A value that TypeScript would reject. */
const anything = (value: unknown) => value as ImageSource;

describe("a picture is the same", () => {
  const copy = () => new Uint8Array(bytes).buffer;
  async function* inTwoChunks() {
    yield bytes.subarray(0, 50);
    yield bytes.subarray(50);
  }
  const dataUrl = () => `data:image/png;base64,${bytes.toString("base64")}`;
  test.each<[string, () => ImageSource]>([
    ["from a file: URL", () => pathToFileURL(scene)],
    ["from a file: URL as a string", () => pathToFileURL(scene).href],
    ["from a data: URL", () => new URL(dataUrl())],
    ["from a data: URL as a string", dataUrl],
    ["from an ArrayBuffer", copy],
    [
      "from a SharedArrayBuffer",
      () => {
        const shared = new SharedArrayBuffer(bytes.length);
        new Uint8Array(shared).set(bytes);
        return shared;
      },
    ],
    ["from a DataView", () => new DataView(copy())],
    ["from another typed array", () => new Int8Array(copy())],
    ["from a view into a larger buffer", () => Buffer.concat([Buffer.alloc(9), bytes]).subarray(9)],
    ["from a Blob", () => new Blob([new Uint8Array(bytes)])],
    ["from a file: address with one slash", () => `file:${scene}`],
    ["from a File", () => new File([new Uint8Array(bytes)], "scene.png")],
    ["from a Node.js stream", () => createReadStream(scene)],
    ["from a web stream", () => new Blob([new Uint8Array(bytes)]).stream()],
    ["from a generator", () => inTwoChunks()],
  ])("%s", async (_, source) => {
    expect(await load(source())).toEqual(expected);
  });

  test("from a file: URL whose name is not UTF-8", async () => {
    const folder = temporaryDirectory();
    writeFileSync(Buffer.from(`${folder}/alt\xe9 1.png`, "latin1"), bytes);
    expect(await load(new URL(`${pathToFileURL(folder)}/alt%E9%201.png`))).toEqual(expected);
  });
});

describe("reports an invalid source", () => {
  test.each<[unknown, string]>([
    [undefined, "but undefined was given"],
    [null, "but null was given"],
    [42, "but a number (42) was given"],
    [true, "but a boolean (true) was given"],
    [Symbol("x"), "but a symbol was given"],
    [() => {}, "but a function was given"],
    [[1, 2, 3], "but an Array was given"],
    [{ path: "x" }, "but an Object was given"],
    [Promise.resolve("x"), "but a Promise (await it) was given"],
    [new Response("x"), "but a Response was given"],
  ])("%s", async (value, message) => {
    await expect(load(anything(value))).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: `a picture must be a path, an address, bytes or a stream of bytes, ${message}`,
    });
  });

  test.each<[ImageSource, string, string]>([
    [
      "ftp://example.org/a.jpg",
      "BAD_ARGUMENT",
      "ftp: is not supported; expected http:, https:, file: or data:",
    ],
    ["https://", "FILE_NOT_FOUND", "is not a valid address"],
    [
      "https://me:secret@example.org/a.jpg",
      "BAD_ARGUMENT",
      "an address with a password is not supported",
    ],
    ["file:///no/such.jpg", "FILE_NOT_FOUND", "/no/such.jpg does not exist"],
    ["data:image/png;base64,AAAA", "BAD_IMAGE", "is not a picture"],
    ["data:image/png", "READ_FAILED", "cannot read data:image/png"],
    ["", "FILE_NOT_FOUND", "an empty path was given"],
    ["x".repeat(100_000), "FILE_NOT_FOUND", "(100000 characters) is not a valid path"],
    [new ArrayBuffer(0), "BAD_IMAGE", "is empty"],
    [new File(["text"], "notes.txt"), "BAD_IMAGE", "notes.txt is not a picture"],
    [Readable.from(["text"]), "BAD_IMAGE", 'cannot be read (the stream yields a string ("text"))'],
  ])("%s: %s", async (source, code, message) => {
    const thrown: unknown = await load(source).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(String(thrown)).not.toContain("secret");
    expect(String(thrown).length).toBeLessThan(400);
  });
});

describe("an address", () => {
  const closed: string[] = [];
  const answers: Record<string, RequestListener> = {
    "/scene.png": (_, response) => response.end(bytes),
    "/moved": (_, response) => response.writeHead(302, { location: "/scene.png" }).end(),
    "/circle": (_, response) => response.writeHead(302, { location: "/circle" }).end(),
    "/to-file": (_, response) => response.writeHead(302, { location: `file://${scene}` }).end(),
    "/page": (_, response) =>
      response.setHeader("content-type", "text/html; charset=utf-8").end("<html></html>"),
    "/declared-page": (_, response) => response.setHeader("content-type", "text/html").end(bytes),
    "/text": (_, response) => response.end("not a picture"),
    "/empty": (_, response) => response.end(),
    "/broken": (_, response) => {
      response.setHeader("content-length", bytes.length).write(bytes.subarray(0, 50));
      setImmediate(() => response.destroy());
    },
    "/never": () => {},
    "/drip": (request, response) => {
      const timer = setInterval(() => response.write("x"), 5);
      response.on("close", () => {
        clearInterval(timer);
        closed.push(request.url ?? "");
      });
    },
    "/endless": (request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(1e6)));
      };
      response.on("drain", more).on("close", () => closed.push(request.url ?? ""));
      more();
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    if (answer) answer(request, response);
    else response.writeHead(404).end("not found");
  });
  let root = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test("is downloaded, as a string or a URL, redirected or not", async () => {
    expect(await load(`${root}/scene.png`)).toEqual(expected);
    expect(await load(new URL(`${root}/moved`))).toEqual(expected);
    expect(await load(`${root}/declared-page`)).toEqual(expected);
  });

  test.each([0.1234, 1e12, Infinity])("may take %s s", async (timeout) => {
    expect(await load(`${root}/scene.png`, { timeout })).toEqual(expected);
  });

  test.each([
    ["/absent.jpg", "READ_FAILED", "the server answers 404 Not Found; check the address"],
    ["/circle", "READ_FAILED", "it redirects too often"],
    ["/to-file", "READ_FAILED", "cannot read"],
    ["/page", "BAD_IMAGE", "is a web page, not a picture"],
    ["/text", "BAD_IMAGE", "is not a picture"],
    ["/empty", "BAD_IMAGE", "is empty"],
    ["/broken", "READ_FAILED", "cannot read"],
  ])("%s fails with %s: %s", async (path, code, message) => {
    await expect(load(root + path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    await expect(load(root + path)).rejects.toThrow(root + path);
  });

  test.each(["/never", "/drip"])("%s times out", async (path) => {
    await expect(load(root + path, { timeout: 0.3 })).rejects.toThrow(
      `cannot read ${root}${path}: it takes more than 0.3 s; try again or raise timeout`,
    );
  });

  test("with an endless answer is closed at the limit", async () => {
    await expect(load(`${root}/endless`)).rejects.toThrow("/endless has more than 100 MB");
    await expect.poll(() => closed).toContain("/endless");
  });

  test("without a server", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    await expect(load(`http://127.0.0.1:${port}/a.png`)).rejects.toMatchObject({
      code: "READ_FAILED",
      message: expect.stringContaining("the server refuses the connection"),
    });
  });
});
