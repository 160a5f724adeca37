import { basename } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "@attend/runtime/errors";
import { Busboy } from "@fastify/busboy";
import { HttpError } from "./http-error.ts";

/** How a form is read. */
interface FormOptions {
  /** The content type with its boundary. */
  readonly type: string;
  /** The one field that is a file. */
  readonly field: string;
  /** Where the others go. */
  readonly fields: Map<string, string[]>;
  /** @returns its path */
  readonly save: (source: AsyncIterable<Uint8Array>, name: string) => Promise<string>;
}

const limits = { files: 1, fields: 100, fieldNameSize: 100, fieldSize: 20_000, headerPairs: 20 };

/**
 * Reads a form whose file may be large.
 *
 * @returns the path of the saved file, if there is one
 * @throws HttpError 400 if it is no form, or too large but for its file; what `save` throws
 */
export async function readForm(
  source: Readable,
  { type, field, fields, save }: FormOptions,
): Promise<string | undefined> {
  const failed = new AbortController();
  let saved: Promise<string | undefined> = Promise.resolve(undefined);
  try {
    const form = new Busboy({ headers: { "content-type": type }, limits });
    form.on("field", (name, value, nameIsCut, valueIsCut) => {
      if (nameIsCut || valueIsCut)
        return failed.abort(badForm(`a field is longer than ${limits.fieldSize}`));
      fields.set(name, [...(fields.get(name) ?? []), value]);
    });
    form.on("fieldsLimit", () => failed.abort(badForm(`it has more than ${limits.fields} fields`)));
    form.on("filesLimit", () => failed.abort(badForm("it has more than one file")));
    // Of a form that ends early, it may be told after everybody has left, which would end the server.
    form.on("error", () => {});
    form.on("file", (name, stream, fileName) => {
      stream.on("error", (error) => failed.abort(badForm(messageOf(error))));
      if (name !== field) {
        failed.abort(badForm(`its file is "${name}", not "${field}"`));
        stream.resume();
        return;
      }
      saved = save(stream, safeName(fileName) || field);
      saved.catch((error) => {
        failed.abort(error);
        stream.resume();
      });
    });
    await pipeline(source, form, { signal: failed.signal });
  } catch (thrown) {
    if (failed.signal.aborted) throw failed.signal.reason;
    throw badForm(messageOf(thrown));
  }
  return saved;
}

/** A name for a file in a folder of its own. */
function safeName(name: string | undefined): string {
  return basename(name ?? "")
    .replace(/[^\p{L}\p{N}._-]/gu, "_")
    .replace(/^\.+/, "")
    .slice(-60);
}

function badForm(why: string): HttpError {
  const message = `the form cannot be read (${why}); send it as multipart/form-data`;
  return new HttpError(400, "BAD_REQUEST", message);
}
