import { AttendError } from "@attend/runtime/errors";
import type { Encoded } from "./format.ts";
import { createTiff } from "./tiff.ts";

/**
 * Whether a file is an HEVC picture, the format of iPhones: it has one of ISO 23008-12's brands. AVIF,
 * which uses the same container, is excluded.
 */
export function isHeic(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512));
  if (head.length < 16 || head.toString("latin1", 4, 8) !== "ftyp") return false;
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString("latin1", at, at + 4));
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return false;
  return brands.some((brand) => /^(?:he[iv][cxms]|m[is]f1)$/.test(brand));
}

/**
 * Opens a HEIC file with libheif. Rotation, mirroring and cropping are part of the format and are
 * applied; the orientation in EXIF, which may repeat them, is not. An ICC profile is kept. Decode the
 * picture before opening the next one, to limit memory.
 *
 * @throws AttendError BAD_IMAGE if libheif is not installed; Error if the file is damaged
 */
export async function openHeic(bytes: Uint8Array, name: string): Promise<Encoded> {
  const heif = new Heif(idle ?? (await loadLibheif(name)));
  // Reused only if the file turns out to be valid: a damaged one may corrupt its memory.
  idle = undefined;
  const picture = heif.open(bytes);
  return { ...picture.size, decode: async () => ({ data: picture.decode() }) };
}

/** The part of libheif's C API that is used here; numbers are addresses in its memory. */
interface Libheif {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  _malloc(bytes: number): number;
  _heif_context_alloc(): number;
  _heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    data: number,
    length: number,
    options: 0,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_has_alpha_channel(handle: number): number;
  _heif_image_handle_get_raw_color_profile_size(handle: number): number;
  _heif_image_handle_get_raw_color_profile(error: number, handle: number, profile: number): void;
  _heif_decode_image(
    error: number,
    handle: number,
    image: number,
    colorSpace: number,
    chroma: number,
    options: 0,
  ): void;
  _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_release(image: number): void;
  _heif_image_handle_release(handle: number): void;
  _heif_context_free(context: number): void;
  _free(address: number): void;
}

/** Values of libheif's enumerations. */
const rgb = 1;
const interleaved = 10;
const interleavedRgb = 10;
const interleavedRgba = 11;

/** The memory never shrinks; it is kept for the next picture if it has at most this many bytes. */
const maxKeptBytes = 400e6;

let idle: Libheif | undefined;

/** Takes 50 ms. */
async function loadLibheif(name: string): Promise<Libheif> {
  let bundle: { default: () => Libheif };
  try {
    // Not a plain import, because the module has no types.
    bundle = await import(import.meta.resolve("libheif-js/libheif-wasm/libheif-bundle.js"));
  } catch (thrown) {
    const remedy = "run `npm install libheif-js`, or convert it to JPEG";
    const message = `${name} is HEIC (HEVC, the format of iPhones), and the library that reads it is not installed; ${remedy}`;
    throw new AttendError("BAD_IMAGE", message, { cause: thrown });
  }
  return bundle.default();
}

class Heif {
  private readonly library: Libheif;
  private readonly error: number;
  private readonly out: number;
  /** Frees what was allocated, the last first. */
  private readonly releases: (() => void)[] = [];

  constructor(library: Libheif) {
    this.library = library;
    this.error = this.allocate(16);
    this.out = this.allocate(8);
  }

  open(bytes: Uint8Array) {
    const { library, error } = this;
    const data = this.allocate(bytes.length);
    library.HEAPU8.set(bytes, data);
    const context = library._heif_context_alloc();
    this.releases.unshift(() => library._heif_context_free(context));
    this.checked(() =>
      library._heif_context_read_from_memory_without_copy(error, context, data, bytes.length, 0),
    );
    const handle = this.result((out) =>
      library._heif_context_get_primary_image_handle(error, context, out),
    );
    this.releases.unshift(() => library._heif_image_handle_release(handle));
    const width = library._heif_image_handle_get_width(handle);
    const height = library._heif_image_handle_get_height(handle);
    return { size: { width, height }, decode: () => this.decode(handle) };
  }

  private decode(handle: number): Buffer {
    const { library, error } = this;
    const alpha = library._heif_image_handle_has_alpha_channel(handle) !== 0;
    const image = this.result((out) => {
      const chroma = alpha ? interleavedRgba : interleavedRgb;
      library._heif_decode_image(error, handle, out, rgb, chroma, 0);
    });
    this.releases.unshift(() => library._heif_image_release(image));
    const width = library._heif_image_get_width(image, interleaved);
    const height = library._heif_image_get_height(image, interleaved);
    const plane = library._heif_image_get_plane_readonly(image, interleaved, this.out);
    const stride = this.view().getInt32(this.out, true);
    const profile = this.profile(handle);
    const { file, pixels } = createTiff({ width, height, colors: "rgb", alpha, profile });
    const row = width * (alpha ? 4 : 3);
    for (let y = 0; y < height; y++) {
      const from = plane + y * stride;
      pixels.set(library.HEAPU8.subarray(from, from + row), y * row);
    }
    for (const release of this.releases) release();
    if (library.HEAPU8.length <= maxKeptBytes) idle = library;
    return file;
  }

  private allocate(bytes: number): number {
    const { library } = this;
    const address = library._malloc(bytes);
    if (address === 0) throw new Error("it is too large to decode");
    this.releases.unshift(() => library._free(address));
    return address;
  }

  private profile(handle: number): Uint8Array | undefined {
    const { library, error } = this;
    const size = library._heif_image_handle_get_raw_color_profile_size(handle);
    if (size === 0) return undefined;
    const at = this.allocate(size);
    this.checked(() => library._heif_image_handle_get_raw_color_profile(error, handle, at));
    return library.HEAPU8.slice(at, at + size);
  }

  /** Calls a function that writes an address to `out`. */
  private result(call: (out: number) => void): number {
    this.checked(() => call(this.out));
    return this.view().getUint32(this.out, true);
  }

  /** Calls a function that writes code, subcode and message to `error`. */
  private checked(call: () => void): void {
    call();
    const view = this.view();
    if (view.getUint32(this.error, true) === 0) return;
    const message = view.getUint32(this.error + 8, true);
    const end = this.library.HEAPU8.indexOf(0, message);
    throw new Error(Buffer.from(this.library.HEAPU8.slice(message, end)).toString());
  }

  /** Not cached: the buffer is replaced when the memory grows. */
  private view(): DataView {
    return new DataView(this.library.HEAPU8.buffer);
  }
}
