import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readFaq } from "@attend/datasets";
import { messageOf } from "@attend/runtime/errors";
import { type Taught, taughtFile } from "./model.ts";

/** Notices when the file that a model was taught from is edited. */
export class FileWatch {
  readonly #taught: Taught;
  readonly #folder: string;
  #modified: number | undefined;
  #change: string | undefined;

  /** @param folder of the model */
  constructor(taught: Taught, folder: string) {
    this.#taught = taught;
    this.#folder = folder;
  }

  /** A line for people if the file is there and has other pairs; it is only read after it was written to. */
  async changed(): Promise<string | undefined> {
    const file = taughtFile(this.#taught, this.#folder);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs !== this.#modified) {
      this.#modified = found.mtimeMs;
      this.#change = await this.#compare(file);
    }
    return this.#change;
  }

  async #compare(file: string): Promise<string | undefined> {
    try {
      const { pairs } = await readFaq(file);
      if (isDeepStrictEqual(pairs, this.#taught.pairs)) return undefined;
    } catch (thrown) {
      return `${file} was edited after the bot learned it, and cannot be used now: ${messageOf(thrown)}`;
    }
    const out = relative("", this.#folder) || ".";
    return `${file} was edited after the bot learned it; teach it again with \`attend-chat train --faq ${file} --out ${out}\`, and start it again`;
  }
}
