import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import type { Context } from "hono";
import type { Env } from "./env.ts";
import { readForm } from "./form.ts";
import { HttpError } from "./http-error.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** Limits of {@link Uploads}, in bytes. */
export interface UploadLimits {
  /** Of one file. */
  readonly maxBytes: number;
  /** Of all files that are there at a time. */
  readonly maxTotalBytes: number;
}

/** What a request has to bring. */
export interface Wanted {
  /** The file's field in a form. */
  readonly field: string;
  /** How its content type starts if it is the whole body, such as `image/`; application/octet-stream will do, too. */
  readonly type: string;
  /** How errors call it: `a photo`. */
  readonly what: string;
}

/** A file that was uploaded. It is removed with the response, unless it is moved. */
export interface Upload {
  readonly path: string;
  /** The form's other fields. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** Files that were uploaded, in a temporary folder that `close` removes. */
export class Uploads {
  readonly #folder = createTemporaryFolder();
  readonly #limits: UploadLimits;
  #totalBytes = 0;

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /**
   * Streams a request's file to disk: that of a form, or the whole body.
   *
   * @throws HttpError 400 if there is none, 413 if it is too large, 415 for another content type, 503 if too many are there
   */
  async receive(c: Context<Env>, wanted: Wanted): Promise<Upload> {
    const { field, type, what } = wanted;
    const { body } = c.req.raw;
    const given = c.req.header("content-type") ?? "";
    const isForm = given.startsWith("multipart/form-data");
    if (!isForm && !given.startsWith(type) && given !== "application/octet-stream") {
      const message = `the content type is ${given === "" ? "not given" : `"${given}"`}; send ${what} as ${type}..., or as the field "${field}" of a form`;
      throw new HttpError(415, "UNSUPPORTED_TYPE", message);
    }
    if (Number(c.req.header("content-length") ?? 0) > this.#limits.maxBytes) throw this.#tooLarge();
    const folder = await this.temporary(c);
    const fields = new Map<string, string[]>();
    const save = async (source: AsyncIterable<Uint8Array>, name: string) => {
      const path = join(folder, name);
      if ((await this.#save(source, path, c)) > 0) return path;
      throw badRequest(`${isForm ? name : "the body"} is empty; send ${what}`);
    };
    const source = Readable.from(body ?? [], { objectMode: false });
    // A client that leaves after its request was refused would end the server.
    source.on("error", () => {});
    const path = isForm
      ? await readForm(source, { type: given, field, fields, save })
      : await save(source, field);
    if (path === undefined) {
      throw badRequest(`the form's field "${field}" is missing; send ${what}`);
    }
    return { path, fields };
  }

  /** A folder that is removed with a response. */
  async temporary(c: Context<Env>): Promise<string> {
    const folder = await this.keep();
    const remove = () => void this.remove(folder);
    if (c.env.outgoing.destroyed) remove();
    else c.env.outgoing.once("close", remove);
    return folder;
  }

  /** A folder that is there until `remove`. */
  async keep(): Promise<string> {
    const folder = join(this.#folder, randomUUID());
    await mkdir(folder);
    return folder;
  }

  /** Removes a folder of `keep`. */
  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
  }

  /** A message without the paths of files that a client knows by their names. */
  hidePaths(message: string): string {
    const path = new RegExp(`[^\\s"'(]*${basename(this.#folder)}/[\\w-]{36}/`, "g");
    return message.replaceAll(path, "");
  }

  /** Removes all that is left. */
  async close(): Promise<void> {
    await this.remove(this.#folder);
  }

  /** @returns how many bytes it has */
  async #save(source: AsyncIterable<Uint8Array>, path: string, c: Context<Env>): Promise<number> {
    const file = await open(path, "w");
    let bytes = 0;
    c.env.outgoing.once("close", () => {
      this.#totalBytes -= bytes;
    });
    try {
      for await (const chunk of source) {
        bytes += chunk.length;
        this.#totalBytes += chunk.length;
        if (bytes > this.#limits.maxBytes) throw this.#tooLarge();
        if (this.#totalBytes > this.#limits.maxTotalBytes) throw full();
        await file.write(chunk);
      }
    } finally {
      await file.close();
    }
    return bytes;
  }

  #tooLarge(): HttpError {
    const limit = `${Math.floor(this.#limits.maxBytes / 2 ** 20)} MiB`;
    const message = `the file has more than ${limit}; send a smaller one, or start the server with a larger --max-upload`;
    return new HttpError(413, "TOO_LARGE", message);
  }
}

function badRequest(message: string): HttpError {
  return new HttpError(400, "BAD_REQUEST", message);
}

function full(): HttpError {
  const message = "the space for uploads is full; send it again in 5 s";
  return new HttpError(503, "UPLOADS_FULL", message, { retryAfter: 5 });
}
