import { AttendError } from "@attend/runtime/errors";
import { InvalidArgumentError } from "commander";
import { languageTag } from "../language-tag.ts";

/** For commander: reads an option's value as a language's canonical tag; another is wrong usage. */
export function languageOption(value: string): string {
  try {
    return languageTag(value);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? new InvalidArgumentError(thrown.message) : thrown;
  }
}
