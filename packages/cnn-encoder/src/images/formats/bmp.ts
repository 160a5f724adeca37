import type { Encoded } from "./format.ts";

/** Header sizes of all BMP versions, from OS/2 to Windows version 5. */
const headers = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

export function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < 26 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  return headers.has(viewOf(bytes).getUint32(14, true));
}

/** Opens a BMP file; the decoder is NetSurf's libnsbmp in WebAssembly. */
export function openBmp(bytes: Uint8Array): Encoded {
  const view = viewOf(bytes);
  const isOld = view.getUint32(14, true) < 40;
  const width = isOld ? view.getUint16(18, true) : Math.abs(view.getInt32(18, true));
  // A negative height means that the top row comes first.
  const height = isOld ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  return {
    width,
    height,
    async decode() {
      const { decode } = await import("@cwasm/nsbmp");
      const { data, width, height } = decode(bytes);
      const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return { data: pixels, raw: { width, height, channels: 4 } };
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
