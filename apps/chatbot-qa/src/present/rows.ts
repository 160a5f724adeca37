import { printable } from "@attend/runtime/errors";
import type { Kind, Reply } from "../responder.ts";
import { plainText } from "./plain-text.ts";

/** A reply as a line of JSON. */
export function rowOf({ question, answer, ...reply }: Reply, kind: Kind): object {
  const { confidence, confident, source, parts, isFact } = reply;
  if (isFact) return { fact: question };
  if (kind === "intents") return { text: question, intent: answer, confidence, confident };
  const row = { question, answer, confidence, confident, source };
  return parts === undefined ? row : { ...row, parts: parts.map((part) => rowOf(part, kind)) };
}

/** The line of JSON of a question that has no reply. */
export function failedRow(question: string, error: string, kind: Kind): object {
  return kind === "intents" ? { text: question, error } : { question, error };
}

/** A reply as a line of text: question, tab, answer; a fact has none. */
export function lineOf({ question, answer, confident }: Reply): string {
  const said = plainText(answer).replace(/\s+/g, " ");
  return [question, confident ? said : `not sure: ${said}`].map(printable).join("\t");
}
