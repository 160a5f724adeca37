import { crc32 } from "node:zlib";

/** A file in a {@link zipOf}; `mode` are Unix's permissions and kind. */
export interface ZipEntry {
  readonly name: string;
  readonly data: string;
  readonly mode?: number;
}

/** An archive of uncompressed files, also of names that no honest program writes. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, mode = 0o100644 } of entries) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(data)];
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    const sizes = (target: Buffer, at: number) => {
      target.writeUInt32LE(crc32(bytes), at);
      target.writeUInt32LE(bytes.length, at + 4);
      target.writeUInt32LE(bytes.length, at + 8);
      target.writeUInt16LE(path.length, at + 12);
    };
    sizes(header, 14);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x031e, 4);
    entry.writeUInt16LE(20, 6);
    sizes(entry, 16);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    parts.push(header, path, bytes);
    directory.push(entry, path);
    offset += header.length + path.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
