import { expect } from "vitest";

/** Expects an AttendError of one line that ends with what to do. */
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
