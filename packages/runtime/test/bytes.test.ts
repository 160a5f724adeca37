import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collectBytes, utf16Of } from "../src/bytes.ts";
import { AttendError } from "../src/errors.ts";
import { isAddress } from "../src/files.ts";

describe("the bytes of a stream", () => {
  const tooMany = () => new AttendError("BAD_DATA", "more than 4 bytes");

  test("are joined", async () => {
    const pieces = [Buffer.from("ab"), new Uint8Array([0x63, 0x64])];
    expect((await collectBytes(Readable.from(pieces), 4, tooMany)).toString()).toBe("abcd");
    expect(await collectBytes([], 4, tooMany)).toHaveLength(0);
  });

  test("close it if there are too many", async () => {
    const stream = Readable.from([Buffer.from("abc"), Buffer.from("de"), Buffer.from("f")]);
    await expect(collectBytes(stream, 4, tooMany)).rejects.toThrow("more than 4 bytes");
    expect(stream.destroyed).toBe(true);
  });

  test("must be bytes, and its errors are rethrown", async () => {
    await expect(collectBytes(Readable.from(["ab"]), 4, tooMany)).rejects.toThrow(
      'the stream yields a string ("ab")',
    );
    const broken = new Readable({ read: () => broken.destroy(new Error("unplugged")) });
    await expect(collectBytes(broken, 4, tooMany)).rejects.toThrow("unplugged");
  });
});

describe("UTF-16", () => {
  const little = (text: string) => Buffer.from(text, "utf16le");

  test.each([
    ["by its mark", "\uFEFF猫", 0.4],
    ["by the zeros of letters", "A cat sleeps.", 0.4],
    ["by most letters", "Ein Kater „schläft“ — 猫", 0.4],
    ["by nearly all letters", "A cat sleeps; ä dog.", 0.9],
  ])("is detected %s", (_, text, share) => {
    expect(utf16Of(little(text), share)).toBe("utf-16le");
    expect(utf16Of(little(text).swap16(), share)).toBe("utf-16be");
  });

  test.each([
    ["UTF-8", Buffer.from("Ein Kater schläft.")],
    ["nothing", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(100)],
    ["names separated by zeros", Buffer.from("ab\0".repeat(30))],
    ["too few letters", little("abc")],
  ])("is not %s", (_, bytes) => {
    expect(utf16Of(bytes)).toBe(undefined);
  });

  test("does not include zero-separated text if nearly all letters must have a zero", () => {
    expect(utf16Of(Buffer.from("abc\0".repeat(30)), 0.9)).toBe(undefined);
  });
});

test.each([
  ["https://example.org/a.jpg", true],
  ["FTP://example.org", true],
  ["file:/tmp/a.jpg", true],
  ["data:image/png;base64,AAAA", true],
  ["data: a word", false],
  ["C:/photos/a.jpg", false],
  ["c://photos", false],
  ["a.jpg", false],
  ["/tmp/a:b.jpg", false],
  ["", false],
])("%s is a URL: %s", (text, expected) => {
  expect(isAddress(text)).toBe(expected);
});
