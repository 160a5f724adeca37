import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Curves for TensorBoard: one file per run of a training, all in one folder, which TensorBoard joins. A
 * run begins with `SessionLog.START` at its first step, which makes TensorBoard drop everything that a
 * killed run had written from that step on (`purge_orphaned_data` in its event_accumulator.py; its faster
 * reader goes by the steps alone).
 *
 * The format: records (tensorflow/core/lib/io/record_writer.h) of protocol buffers (`Event` in
 * tensorflow/core/util/event.proto).
 */
export class EventFile {
  readonly #folder: string;
  readonly #firstStep: number;
  #path: string | undefined;

  /** @param firstStep the first step of the run; the file is created with the first point */
  constructor(folder: string, firstStep: number) {
    this.#folder = folder;
    this.#firstStep = firstStep;
  }

  /** Adds a point at `step` to each named curve; it survives a killed process once this returns. */
  append(step: number, scalars: Readonly<Record<string, number>>): void {
    const time = Date.now() / 1000;
    const records = [eventRecord(time, step, summary(scalars))];
    if (this.#path === undefined) {
      mkdirSync(this.#folder, { recursive: true });
      // TensorBoard looks for "tfevents" and reads the files in name order.
      this.#path = join(this.#folder, `events.out.tfevents.${time.toFixed(3)}`);
      records.unshift(
        eventRecord(time, 0, fileVersion()),
        eventRecord(time, this.#firstStep, sessionStart()),
      );
    }
    appendFileSync(this.#path, Buffer.concat(records));
  }
}

/** An `Event` as a record: length, its checksum, the event, its checksum. `time` in seconds. */
export function eventRecord(time: number, step: number, content: Buffer): Buffer {
  const wallTime = Buffer.alloc(8);
  wallTime.writeDoubleLE(time);
  const event = Buffer.concat([
    field(1, fixed64, wallTime),
    step === 0 ? Buffer.alloc(0) : field(2, varint, varintBytes(step)),
    content,
  ]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(event.length));
  return Buffer.concat([length, maskedCrc(length), event, maskedCrc(event)]);
}

/** The content of a file's first event. */
export function fileVersion(): Buffer {
  return delimited(3, Buffer.from("brain.Event:2"));
}

/** `SessionLog { status: START }` */
export function sessionStart(): Buffer {
  return delimited(7, field(1, varint, varintBytes(1)));
}

/** A `Summary` with a `simple_value` for each name. */
export function summary(scalars: Readonly<Record<string, number>>): Buffer {
  const values = Object.entries(scalars).map(([tag, scalar]) => {
    const simpleValue = Buffer.alloc(4);
    simpleValue.writeFloatLE(scalar);
    const value = [delimited(1, Buffer.from(tag)), field(2, fixed32, simpleValue)];
    return delimited(1, Buffer.concat(value));
  });
  return delimited(5, Buffer.concat(values));
}

/** The wire types of protocol buffers. */
const [varint, fixed64, bytes, fixed32] = [0, 1, 2, 5];

function field(number: number, wireType: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(number * 8 + wireType), content]);
}

function delimited(number: number, content: Buffer): Buffer {
  return field(number, bytes, Buffer.concat([varintBytes(content.length), content]));
}

/** Seven bits per byte, lowest first. */
function varintBytes(value: number): Buffer {
  const septets: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) septets.push((value % 128) + 128);
  return Buffer.of(...septets, value);
}

/** The CRC-32C (Castagnoli) of each byte. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

/** A masked checksum, as the record format requires: CRCs of data that contains CRCs are weak. */
function maskedCrc(data: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  crc = ~crc;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}
