import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeOptions, SentenceVectors } from "@attend/sentence-vectors";

/** Sentence vectors that are kept in a folder from one run to the next: encoding 15,000 sentences takes minutes. */
export class CachedVectors implements SentenceVectors {
  readonly #vectors: SentenceVectors;
  readonly #files: { readonly texts: string; readonly values: string };
  readonly #known: Map<string, Float32Array>;
  readonly #folder: string;
  #saved: number;

  static async open(vectors: SentenceVectors, folder = ".cache/sentence-vectors") {
    const files = {
      texts: join(folder, `${vectors.name}.json`),
      values: join(folder, `${vectors.name}.f32`),
    };
    const known = new Map<string, Float32Array>();
    if (existsSync(files.texts)) {
      const texts: string[] = JSON.parse(await readFile(files.texts, "utf8"));
      const bytes = await readFile(files.values);
      const all = new Float32Array(new Uint8Array(bytes).buffer);
      const { dimension } = vectors;
      for (const [i, text] of texts.entries()) {
        known.set(text, all.subarray(i * dimension, (i + 1) * dimension));
      }
    }
    return new CachedVectors(vectors, folder, files, known);
  }

  private constructor(
    vectors: SentenceVectors,
    folder: string,
    files: { texts: string; values: string },
    known: Map<string, Float32Array>,
  ) {
    this.#vectors = vectors;
    this.#folder = folder;
    this.#files = files;
    this.#known = known;
    this.#saved = known.size;
  }

  get name(): string {
    return this.#vectors.name;
  }

  get dimension(): number {
    return this.#vectors.dimension;
  }

  async encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]> {
    const unknown = [...new Set(texts.filter((text) => !this.#known.has(text)))];
    const found = await this.#vectors.encode(unknown, options);
    for (const [i, text] of unknown.entries())
      this.#known.set(text, found[i] ?? new Float32Array());
    return texts.map((text) => this.#known.get(text) ?? new Float32Array());
  }

  /** Writes what is new. */
  async save(): Promise<void> {
    if (this.#known.size === this.#saved) return;
    await mkdir(this.#folder, { recursive: true });
    const all = new Float32Array(this.#known.size * this.dimension);
    for (const [i, vector] of [...this.#known.values()].entries())
      all.set(vector, i * this.dimension);
    await writeFile(this.#files.values, new Uint8Array(all.buffer));
    await writeFile(this.#files.texts, JSON.stringify([...this.#known.keys()]));
    this.#saved = this.#known.size;
  }

  dispose(): void {
    this.#vectors.dispose();
  }
}
