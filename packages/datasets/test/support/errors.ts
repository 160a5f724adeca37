import { expect } from "vitest";

/** Expects an AttendError with a message of one line. */
export async function expectError(
  action: Promise<unknown>,
  code: string,
  message: RegExp,
): Promise<void> {
  const thrown: unknown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toMatchObject({ name: "AttendError", code });
  const text = thrown instanceof Error ? thrown.message : "";
  expect(text).toMatch(message);
  expect(text).not.toContain("\n");
}
