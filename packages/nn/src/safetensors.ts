import { AttendError } from "@attend/runtime/errors";
import { readFileLimited, writeFileAtomic } from "@attend/runtime/files";
import { z } from "zod";
import { bitsOf, decodeFloats } from "./dtypes.ts";
import { encodeFloat16 } from "./float16.ts";

/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header that maps each
 * tensor's name to dtype, shape and byte range, then the data.
 */

export interface StoredTensor {
  readonly shape: readonly number[];
  /** Throws BAD_WEIGHTS for a tensor from a file whose type is not floating-point. */
  readonly data: Float32Array;
  /** The bytes of a float16 tensor from a file, for an engine that decodes them itself. */
  readonly float16?: Uint8Array;
}

/** The contents of a safetensors file: tensors by name, and metadata. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const maxHeaderBytes = 100e6;
const defaultMaxBytes = 4e9;

const entrySchema = z.object({
  dtype: z.string().refine((name) => bitsOf.has(name)),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads a file; F16, BF16 and F64 are converted to float32. A tensor of another type, such as an integer
 * counter, has a name and a shape, but its `data` throws.
 *
 * @throws AttendError BAD_WEIGHTS naming the file and the fault
 */
export async function readSafetensors(
  path: string,
  options?: { maxBytes?: number },
): Promise<Safetensors> {
  const bytes = await readFileLimited(path, { maxBytes: options?.maxBytes ?? defaultMaxBytes });
  return parseSafetensors(bytes, path);
}

/** Like {@link readSafetensors}, from memory; `source` names the bytes in errors. */
export function parseSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const fail = (fault: string): never => {
    throw new AttendError(
      "BAD_WEIGHTS",
      `${source}: not a complete safetensors file (${fault}); copy or train it again`,
    );
  };
  if (bytes.length < 8) return fail(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || 8 + headerBytes > bytes.length) {
    return fail(`its header claims ${headerBytes} bytes of ${bytes.length}`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes)) ?? fail("its header is not JSON");
  const body = bytes.subarray(8 + headerBytes);
  const tensors = new Map<string, StoredTensor>();
  const ranges: [start: number, end: number][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      const parsed = metadataSchema.safeParse(value);
      metadata = parsed.success ? parsed.data : fail("its __metadata__ is not text");
      continue;
    }
    const entry = entrySchema.safeParse(value);
    if (!entry.success) {
      return fail(`the entry of ${name} lacks a known dtype, a shape or offsets`);
    }
    const { dtype, shape, data_offsets } = entry.data;
    const [start, end] = data_offsets;
    const elements = shape.reduce((product, size) => product * size, 1);
    if (end > body.length) return fail(`${name} ends at byte ${end} of ${body.length}`);
    if (8 * (end - start) !== elements * (bitsOf.get(dtype) ?? 0)) {
      return fail(`${name} has ${end - start} bytes for shape [${shape}] of ${dtype}`);
    }
    tensors.set(name, storedTensor(shape, dtype, body.subarray(start, end), `${source}: ${name}`));
    ranges.push([start, end]);
  }
  if (!covers(ranges, body.length)) return fail("its tensors overlap or leave bytes unused");
  return { tensors, metadata };
}

/** Decodes float16 on first use: an engine that does so itself needs no decoded copy. */
function storedTensor(
  shape: readonly number[],
  dtype: string,
  bytes: Uint8Array,
  what: string,
): StoredTensor {
  const decode = () => {
    // Copied, because a typed array needs an aligned start (a Buffer's slice would share memory).
    const decoded = decodeFloats(dtype, new Uint8Array(bytes).buffer);
    if (decoded !== undefined) return decoded;
    throw new AttendError(
      "BAD_WEIGHTS",
      `${what} is ${dtype}, which cannot be used; convert it to F32, F16, BF16 or F64`,
    );
  };
  let data: Float32Array | undefined;
  return {
    shape,
    get data() {
      data ??= decode();
      return data;
    },
    ...(dtype === "F16" && { float16: bytes }),
  };
}

/** Whether the ranges fill [0, length) without gaps or overlaps, as the format requires. */
function covers(ranges: readonly [start: number, end: number][], length: number): boolean {
  let at = 0;
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== at) return false;
    at = end;
  }
  return at === length;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return z.record(z.string(), z.unknown()).safeParse(parsed).data;
  } catch {
    return undefined;
  }
}

/** The bytes of a safetensors file. */
export function formatSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  options?: { precision?: "float32" | "float16"; metadata?: Record<string, string> },
): Uint8Array {
  const half = options?.precision === "float16";
  const header: Record<string, unknown> = {};
  if (options?.metadata !== undefined) header["__metadata__"] = options.metadata;
  let offset = 0;
  const parts: Uint8Array[] = [];
  for (const [name, { shape, data }] of tensors) {
    const stored = half ? encodeFloat16(data) : data;
    parts.push(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
    const end = offset + stored.byteLength;
    header[name] = { dtype: half ? "F16" : "F32", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // the format requires aligned tensors
  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let at = 8 + padded;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Writes a file atomically. */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  options?: { precision?: "float32" | "float16"; metadata?: Record<string, string> },
): Promise<void> {
  await writeFileAtomic(path, formatSafetensors(tensors, options));
}
