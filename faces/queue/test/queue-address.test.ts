import { expect, test } from "vitest";
import { parseQueueAddress } from "../src/queue-address.ts";

test.each([
  ["redis://host/photos", { url: "redis://host/", host: "host:6379", name: "photos" }],
  ["redis://host:7000/a.b-c_1", { url: "redis://host:7000/", host: "host:7000", name: "a.b-c_1" }],
  [
    "rediss://me:secret@host/photos?db=2",
    { url: "rediss://me:secret@host/2", host: "host:6379", name: "photos" },
  ],
])("%s", (text, expected) => {
  expect(parseQueueAddress(text)).toEqual(expected);
});

test.each(["", "photos", "http://host/photos", "redis://host", "redis://host/", "redis:///a"])(
  '"%s" is no address',
  (text) => {
    expect(() => parseQueueAddress(text)).toThrow(/is not the address of a queue: .*; give redis:/);
  },
);

test("a name with other characters is refused, and no message shows a password", () => {
  expect(() => parseQueueAddress("redis://me:secret@host/a/b")).toThrow(
    `"redis://host/a/b" is not the address of a queue: its name must be of letters`,
  );
});
