import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Point = readonly [step: number, value: number];
type Fields = ReadonlyMap<number, readonly (Buffer | number)[]>;

/**
 * The curves that TensorBoard's event_accumulator reads from a folder: files by name, complete records, and
 * at a `SessionLog.START` every point from its step on is dropped.
 */
export function readCurves(folder: string): Record<string, Point[]> {
  const curves: Record<string, Point[]> = {};
  for (const file of readdirSync(folder).sort()) {
    for (const event of eventsOf(readFileSync(join(folder, file)))) {
      const step = Number(event.get(2)?.[0] ?? 0);
      for (const session of messages(event, 7)) {
        if (session.get(1)?.[0] !== 1) continue;
        for (const [tag, points] of Object.entries(curves)) {
          curves[tag] = points.filter(([at]) => at < step);
        }
      }
      for (const value of messages(event, 5).flatMap((summary) => messages(summary, 1))) {
        const [tag, simple] = [value.get(1)?.[0], value.get(2)?.[0]];
        if (!Buffer.isBuffer(tag) || !Buffer.isBuffer(simple)) throw new Error("no scalar");
        const point = [step, simple.readFloatLE()] as const;
        curves[tag.toString()] = [...(curves[tag.toString()] ?? []), point];
      }
    }
  }
  return curves;
}

function eventsOf(file: Buffer): Fields[] {
  const events: Fields[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    events.push(fieldsOf(file.subarray(at + 12, at + 12 + length)));
    at += 16 + length;
  }
  return events;
}

function messages(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).filter((content) => Buffer.isBuffer(content)).map(fieldsOf);
}

/** The fields of a protocol buffer by number: whole numbers, or bytes. */
function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const [number, type] = [Math.floor(key / 8), key % 8];
    const value = type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : varint());
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}
