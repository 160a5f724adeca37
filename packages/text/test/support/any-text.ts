import fc from "fast-check";

/** Any code units: emoji, NUL, halves of surrogate pairs. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom("the", " ", "  ", "\n", "灯台", "é", "e\u0301", "\ud83d", "1", "▁", "�"))
    .map((parts) => parts.join("")),
);
