import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AttendError, messageOf, systemCodeOf } from "../src/errors.ts";

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("AttendError", () => {
  it("carries a code, a message and the cause", () => {
    const cause = new Error("why");
    const error = new AttendError("BAD_IMAGE", "photo.jpg is no image", { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "AttendError", code: "BAD_IMAGE", cause });
    expect(String(error)).toBe("AttendError: photo.jpg is no image");
  });
});

describe("messageOf and systemCodeOf", () => {
  it("read whatever was thrown", () => {
    const missing = thrownBy(() => readFileSync("no-such-file"));
    expect(systemCodeOf(missing)).toBe("ENOENT");
    expect(messageOf(missing)).toContain("no-such-file");
    expect(messageOf("text")).toBe("text");
    expect(messageOf(undefined)).toBe("undefined");
    expect(systemCodeOf(new Error("plain"))).toBeUndefined();
    expect(systemCodeOf({ code: "ENOENT" })).toBeUndefined();
    expect(systemCodeOf(Object.assign(new Error("odd"), { code: 7 }))).toBeUndefined();
  });
});
