import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describeWithData } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { findData, readConversations, splitConversations } from "../../src/index.ts";
import { writer } from "../parallel/files.ts";
import { expectError } from "../support/errors.ts";

const read = (name: string, content: string | Uint8Array, options = {}) =>
  readConversations(writer()(name, content), options);

describe("a log of conversations", () => {
  test.each([
    [
      "a line each, with tabs",
      "log.tsv",
      "Hi \tHello!\t\tBye\n\nA\tB\r\n",
      [
        ["Hi", "Hello!", "Bye"],
        ["A", "B"],
      ],
    ],
    [
      "a turn a line",
      "log.txt",
      "\n\nHi\nHello!\n \n\nA\n B\nC",
      [
        ["Hi", "Hello!"],
        ["A", "B", "C"],
      ],
    ],
    [
      "JSON lines",
      "log.jsonl",
      '["Hi", {"text": "Hello!"}]\n\n{"turns": ["A", "B"], "id": 7}\n{"messages": [{"role": "user", "content": "C"}, {"role": "assistant", "content": "D"}]}\n',
      [
        ["Hi", "Hello!"],
        ["A", "B"],
        ["C", "D"],
      ],
    ],
    ["gzip", "log.tsv.gz", gzipSync("[a]\t{b}"), [["[a]", "{b}"]]],
    ["gzip of JSON lines", "log.JSONL.gz", gzipSync('["a", "b"]'), [["a", "b"]]],
  ])("%s", async (_, name, content, expected) => {
    expect(await read(name, content)).toEqual({ conversations: expected, warnings: [] });
  });

  test("a conversation of one turn is left out with a warning", async () => {
    const { conversations, warnings } = await read("log.tsv", "Hello?\nA\tB\n\t\nC\tD\n");
    expect(conversations).toEqual([
      ["A", "B"],
      ["C", "D"],
    ]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/log\.tsv line 1: left out, a conversation of fewer than two/);
  });

  test.each([
    [
      "nothing",
      "log.tsv",
      "",
      /log\.tsv has no conversation of at least two turns; write one a line/,
    ],
    [
      "one turn only",
      "log.txt",
      "Hello?\n\nAnyone?\n",
      /has no conversation of at least two turns/,
    ],
    ["no JSON", "log.jsonl", '["a", "b"]\nhello\n', /log\.jsonl line 2 .*JSON/],
    ["other JSON", "log.jsonl", '{"a": 1}\n', /line 1 is not a conversation; write \{"turns"/],
    ["other turns", "log.jsonl", "[1, 2]\n", /line 1 is not a conversation; write/],
    ["another encoding", "log.tsv", Buffer.from("caf\xe9\tnon", "latin1"), /line 1 is not UTF-8/],
  ])("an error for %s", async (_, name, content, message) => {
    await expectError(read(name, content), "BAD_DATA", message);
  });

  test("too long a line, too large a file and a missing one", async () => {
    await expectError(
      read("l.tsv", "a\tb\nlong\tline", { maxLineLength: 5 }),
      "BAD_DATA",
      /line 2/,
    );
    await expectError(read("l.tsv", "a\tb\nlonger", { maxBytes: 5 }), "READ_FAILED", /l\.tsv/);
    await expectError(readConversations("/no/log.tsv"), "FILE_NOT_FOUND", /\/no\/log\.tsv/);
  });
});

test("whole conversations are held out, with their copies", () => {
  const all = ["a", "b", "c", "d", "A", "e"].map((name) => [name, "and"]);
  const { train, heldOut } = splitConversations(all, { heldOut: 2, seed: 3 });
  expect([...train, ...heldOut].sort()).toEqual(all.toSorted());
  expect(new Set(heldOut.map(([first]) => first?.toLowerCase())).size).toBe(2);
  const names = new Set(train.map(([first]) => first?.toLowerCase()));
  expect(heldOut.some(([first]) => names.has(first?.toLowerCase()))).toBe(false);
  expect(splitConversations(all, { heldOut: 2, seed: 3 })).toEqual({ train, heldOut });
});

describeWithData("the published logs", ["dialog"], () => {
  test("are read", async () => {
    const folder = findData("dialog");
    const { conversations } = await readConversations(join(folder, "self-dialogue.tsv.gz"));
    expect(conversations.length).toBeGreaterThan(24_000);
    const { conversations: exchanges } = await readConversations(join(folder, "sgd_dev.tsv.gz"));
    expect(exchanges.every(({ length }) => length === 2)).toBe(true);
  });
});
