import { AttendError, messageOf, printable } from "@attend/runtime/errors";

/**
 * @param place names the text in errors: a file, or a file and line
 * @throws AttendError BAD_DATA
 */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = messageOf(cause);
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = position && text.slice(0, Number(position)).split("\n").length;
    const where = line && text.includes("\n") ? `${place} line ${line}` : place;
    const detail = printable(message.replace(/\s+/g, " "));
    throw new AttendError("BAD_DATA", `${where} is not valid JSON (${detail}); correct it`, {
      cause,
    });
  }
}
