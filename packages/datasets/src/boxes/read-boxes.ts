import { basename } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";
import { readAllLines } from "../text-files/lines.ts";
import { cocoClasses } from "./coco-classes.ts";

/** An object in a photo: a rectangle in fractions of the photo's width and height, from its top left corner. */
export interface ObjectBox {
  /** One of COCO's 80 classes, such as `tennis racket`. */
  readonly name: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const columns = ["image", "class", "x1", "y1", "x2", "y2"];

/**
 * Reads the objects of photos from a TSV with a header `image`, `class`, `x1`, `y1`, `x2`, `y2`, whose classes are
 * COCO's (with `_` or a space), by the name of the photo's file, without its folder.
 *
 * @throws AttendError the errors of `readAllLines`; BAD_DATA, naming the line, for another header, class or number
 */
export async function readBoxes(file: string): Promise<Map<string, ObjectBox[]>> {
  const [header = "", ...lines] = await readAllLines(file);
  if (header !== columns.join("\t")) {
    const message = `${file} line 1 is ${quoted(header)}; expected the columns ${columns.join(", ")}, separated by tabs`;
    throw new AttendError("BAD_DATA", message);
  }
  const boxes = new Map<string, ObjectBox[]>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const [image = "", label = "", ...numbers] = line.split("\t");
    const fail = (message: string) => {
      throw new AttendError("BAD_DATA", `${file} line ${i + 2}: ${message}`);
    };
    const name = label.replaceAll("_", " ");
    if (!cocoClasses.has(name))
      fail(`${quoted(label)} is not one of COCO's 80 classes; correct it`);
    const [x1 = -1, y1 = -1, x2 = -1, y2 = -1] = numbers.map(Number);
    if (!(0 <= x1 && x1 <= x2 && x2 <= 1 && 0 <= y1 && y1 <= y2 && y2 <= 1)) {
      fail(`the box is ${numbers.join(", ")}; give fractions of width and height, from 0 to 1`);
    }
    const photo = basename(image);
    boxes.set(photo, [...(boxes.get(photo) ?? []), { name, x1, y1, x2, y2 }]);
  }
  return boxes;
}
