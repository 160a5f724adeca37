import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
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
    const error = new AttendError("BAD_IMAGE", "photo.jpg is not an image", { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "AttendError", code: "BAD_IMAGE", cause });
    expect(String(error)).toBe("AttendError: photo.jpg is not an image");
  });

  it("is recognized across two copies of the package", async () => {
    vi.resetModules();
    const copy = await import("../src/errors.ts");
    const [own, other] = [AttendError, copy.AttendError].map(
      (Class) => new Class("BAD_DATA", "line 3 is empty"),
    );
    expect(other).not.toBeInstanceOf(AttendError);
    for (const error of [own, other]) {
      expect(AttendError.isInstance(error)).toBe(true);
      expect(copy.AttendError.isInstance(error)).toBe(true);
    }
  });

  it("does not recognize lookalikes", () => {
    const alike = Object.assign(new Error("line 3"), { name: "AttendError", code: "BAD_DATA" });
    for (const value of [alike, new Error("line 3"), null, undefined, "AttendError", 3, () => {}]) {
      expect(AttendError.isInstance(value)).toBe(false);
    }
  });
});

describe("messageOf and systemCodeOf", () => {
  it("accept any thrown value", () => {
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
