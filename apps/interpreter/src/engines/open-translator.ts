import { AttendError } from "@attend/runtime/errors";
import { loadTranslator, type Translator } from "@attend/translator";

/** Opens the shipped translator of two languages, or one from a folder. The caller closes it. Throws like `loadTranslator`. */
export async function openTranslator(options: {
  readonly from: string;
  readonly to: string;
  readonly model?: string | undefined;
}): Promise<Translator> {
  try {
    return await loadTranslator(options);
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    // Here, `--model` is the recognizer's.
    throw new AttendError(thrown.code, thrown.message.replace("as --model", "as --translator"), {
      cause: thrown,
    });
  }
}
