import { AttendError } from "@attend/runtime/errors";
import { languageTag } from "@attend/translator/language";
import { InvalidArgumentError } from "commander";

/** For commander: reads an option's value as a language's canonical tag; another is wrong usage. */
export function languageOption(value: string): string {
  try {
    return languageTag(value);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? new InvalidArgumentError(thrown.message) : thrown;
  }
}
