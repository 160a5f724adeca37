/** A file, and its path in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly file: Blob;
}

const block = 512;

/**
 * An archive of files (POSIX.1-2001, pax), not compressed: before each there is a header, and before that its path, which may
 * be long and in any script. The files themselves are not read.
 */
export function tarOf(entries: readonly TarEntry[]): Blob {
  const parts = entries.flatMap(({ path, file }) => {
    const record = recordOf(path);
    return [
      headerOf("x", record.length),
      record,
      paddingOf(record.length),
      headerOf("0", file.size),
      file,
      paddingOf(file.size),
    ];
  });
  return new Blob([...parts, new Uint8Array(2 * block)]);
}

/** `LENGTH path=PATH`; the length counts its own digits, too. */
function recordOf(path: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const rest = encoder.encode(` path=${path}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) length++;
  return encoder.encode(`${length} path=${path}\n`);
}

function headerOf(type: "x" | "0", size: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(block);
  const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  write(0, "file");
  write(100, octal(0o644, 7));
  write(108, octal(0, 7));
  write(116, octal(0, 7));
  write(124, octal(size, 11));
  write(136, octal(0, 11));
  write(156, type);
  write(257, "ustar\u000000");
  // The checksum is that of a header with spaces in its place.
  write(148, " ".repeat(8));
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(148, `${octal(sum, 6)}\0`);
  return header;
}

/** To the end of a block. */
function paddingOf(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((block - (size % block)) % block);
}
