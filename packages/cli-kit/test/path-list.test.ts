import { writeFileSync } from "node:fs";
import { temporaryDirectory } from "@attend/test-kit";
import { beforeEach, describe, expect, test } from "vitest";
import { parsePathList } from "../src/index.ts";

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
});
const add = (name: string | Buffer) => {
  const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
  writeFileSync(path, "");
  return path;
};
const parse = (list: string | Buffer) => parsePathList(Buffer.from(list));

describe("a list of paths", () => {
  test.each([
    ["lines with any line ending", "a.jpg\nb c.jpg\r\n\r\n  \nd.jpg\re.jpg", "utf8"],
    ["lines after a byte order mark", "\uFEFFa.jpg\nb c.jpg\nd.jpg\ne.jpg\n", "utf8"],
    ["names separated by NUL", "a.jpg\0b c.jpg\0d.jpg\0e.jpg\0", "utf8"],
    ["UTF-16 with a byte order mark", "\uFEFFa.jpg\r\nb c.jpg\r\nd.jpg\r\ne.jpg\r\n", "utf16le"],
    ["UTF-16 without one", "a.jpg\nb c.jpg\nd.jpg\ne.jpg\n", "utf16le"],
  ] as const)("of %s", (_, text, encoding) => {
    const list = Buffer.from(text, encoding);
    expect(parsePathList(list)).toEqual(["a.jpg", "b c.jpg", "d.jpg", "e.jpg"]);
    if (encoding === "utf8") return;
    expect(parsePathList(list.swap16())).toEqual(["a.jpg", "b c.jpg", "d.jpg", "e.jpg"]);
  });

  test("may be empty", () => {
    for (const list of ["", "\n \n", "\0\0", "\uFEFF"]) expect(parse(list)).toEqual([]);
  });

  test("names the file that exists: with its spaces, without quotes, composed or not", () => {
    const spaced = add(" a.jpg ").toString();
    const plain = add("b.jpg").toString();
    const decomposed = add("cafe\u0301.jpg").toString();
    const composed = decomposed.normalize("NFC");
    const list = [spaced, ` ${plain}\t`, `"${plain}"`, composed, `${root}/absent.jpg `];
    expect(parse(list.join("\n"))).toEqual([
      spaced,
      plain,
      plain,
      decomposed,
      `${root}/absent.jpg`,
    ]);
  });

  test("separated by NUL keeps each name unchanged", () => {
    add("a.jpg");
    const names = [` ${root}/a.jpg`, "line\nbreak.jpg"];
    expect(parse(names.join("\0"))).toEqual(names);
  });

  test("in another encoding names the file with the same bytes, or with the same letters", () => {
    const sameBytes = add(Buffer.from("alt\xe9.jpg", "latin1"));
    const sameLetters = add("café.jpg");
    const list = [
      sameBytes,
      Buffer.from(`${root}/café.jpg`, "latin1"),
      Buffer.from("no\xe9", "latin1"),
    ];
    const lines = Buffer.concat(list.flatMap((path) => [path, Buffer.from("\n")]));
    expect(parsePathList(lines)).toEqual([sameBytes, sameLetters.toString(), list[2]]);
  });
});
