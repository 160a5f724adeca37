/** Terminal escapes (ECMA-48): control sequences, strings up to their end, and single functions. */
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what they are
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
const controls = /(?![\n\t])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text without terminal escapes, control characters, and those that change the text direction; lines and tabs stay. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(escapes, "").replace(controls, "");
}
