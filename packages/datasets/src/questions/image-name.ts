import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";

const place = /\{id(?::(\d{1,2}))?\}/;

/**
 * Names photos that are given as numbers: `COCO_val2014_{id:12}.jpg` (12 digits, with leading zeros),
 * `{id}.webp`. Other names stay as they are, as do all without a pattern.
 *
 * @throws AttendError BAD_ARGUMENT if the pattern has no `{id}`
 */
export function imageNamer(pattern: string | undefined): (id: string) => string {
  if (pattern === undefined) return (id) => id;
  if (!place.test(pattern)) {
    const message = `the image pattern ${quoted(pattern)} has no {id}; give one such as {id}.jpg or COCO_val2014_{id:12}.jpg`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  return (id) =>
    /^\d+$/.test(id.trim())
      ? pattern.replace(place, (_, digits = "0") => id.trim().padStart(Number(digits), "0"))
      : id;
}
