import { type Onnx, type OnnxSession, type OnnxTensor, outputOf } from "../workers/onnx.ts";

/** The shape of a decoder. */
export interface DecoderSize {
  readonly layers: number;
  readonly heads: number;
  /** Of one head. */
  readonly size: number;
  /** For a network that hears recordings of several lengths at once, the number of samples: all of them count. */
  readonly masked?: number;
}

/**
 * The decoder of Whisper or Moonshine for one recording: its rows are hypotheses that end differently. What they have
 * attended to so far is kept.
 */
export class SpeechDecoder {
  readonly #onnx: Onnx;
  readonly #session: OnnxSession;
  readonly #encoding: OnnxTensor;
  readonly #names: { readonly own: readonly string[]; readonly encoder: readonly string[] };
  readonly #size: DecoderSize;
  /** Keys and values by name, `[rows, heads, steps, size]`. */
  #past: Record<string, OnnxTensor> = {};

  /** @param encoding `[1, positions, size]` */
  constructor(onnx: Onnx, session: OnnxSession, encoding: OnnxTensor, size: DecoderSize) {
    this.#onnx = onnx;
    this.#session = session;
    this.#encoding = encoding;
    this.#size = size;
    const layers = Array.from({ length: size.layers }, (_, layer) => layer);
    const names = (of: string) => layers.flatMap((i) => [`${i}.${of}.key`, `${i}.${of}.value`]);
    this.#names = { own: names("decoder"), encoder: names("encoder") };
  }

  /** Starts again with these tokens, in one row. @returns logits `[tokens, vocabulary]` */
  async start(tokens: readonly number[]): Promise<Float32Array> {
    const { heads, size } = this.#size;
    const empty = new this.#onnx.Tensor("float32", new Float32Array(0), [1, heads, 0, size]);
    const { own, encoder } = this.#names;
    this.#past = Object.fromEntries([...own, ...encoder].map((name) => [name, empty]));
    return await this.#run(tokens, [1, tokens.length], [...own, ...encoder]);
  }

  /**
   * Continues with one more token in each row.
   *
   * @param rows the row before that each continues
   * @returns logits `[rows, vocabulary]`
   */
  async step(tokens: readonly number[], rows: readonly number[]): Promise<Float32Array> {
    const { own, encoder } = this.#names;
    for (const name of own) this.#past[name] = this.#rowsOf(outputOf(this.#past, name), rows);
    for (const name of encoder) {
      const past = outputOf(this.#past, name);
      // All rows hear the same.
      const all = new Array<number>(rows.length).fill(0);
      if (past.dims[0] !== rows.length) this.#past[name] = this.#rowsOf(past, all);
    }
    return await this.#run(tokens, [rows.length, 1], own);
  }

  /** @param keep what the network gives of keys and values; the encoder's only at the start */
  async #run(
    tokens: readonly number[],
    dims: readonly [rows: number, steps: number],
    keep: readonly string[],
  ): Promise<Float32Array> {
    const all = new Array<number>(dims[0]).fill(0);
    const isFirst = keep.length > this.#names.own.length;
    const past = Object.entries(this.#past).map(([name, tensor]) => [
      `past_key_values.${name}`,
      tensor,
    ]);
    const outputs = await this.#session.run(
      {
        ...Object.fromEntries(past),
        input_ids: new this.#onnx.Tensor("int64", BigInt64Array.from(tokens, BigInt), dims),
        encoder_hidden_states: this.#rowsOf(this.#encoding, all),
        ...this.#mask(dims[0]),
        use_cache_branch: new this.#onnx.Tensor("bool", Uint8Array.of(isFirst ? 0 : 1), [1]),
      },
      ["logits", ...keep.map((name) => `present.${name}`)],
    );
    for (const name of keep) this.#past[name] = outputOf(outputs, `present.${name}`);
    return outputOf(outputs, "logits").data;
  }

  #mask(rows: number): Record<string, OnnxTensor> {
    const { masked } = this.#size;
    if (masked === undefined) return {};
    const ones = new BigInt64Array(rows * masked).fill(1n);
    return { encoder_attention_mask: new this.#onnx.Tensor("int64", ones, [rows, masked]) };
  }

  /** A tensor with these rows of another. */
  #rowsOf(tensor: OnnxTensor, rows: readonly number[]): OnnxTensor {
    const [count = 1, ...dims] = tensor.dims;
    if (rows.length === count && rows.every((row, i) => row === i)) return tensor;
    const size = tensor.data.length / count;
    const data = new Float32Array(rows.length * size);
    for (const [i, row] of rows.entries()) {
      data.set(tensor.data.subarray(row * size, (row + 1) * size), i * size);
    }
    return new this.#onnx.Tensor("float32", data, [rows.length, ...dims]);
  }
}
