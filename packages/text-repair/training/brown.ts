/** Plain text from a sample of the Brown corpus, whose words have tags: `did/dod not/* go/vb ./.`; a paragraph a line. */
export function detokenizeBrown(sample: string): string {
  return sample
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .split(/\s+/)
        .map((word) => word.slice(0, Math.max(word.lastIndexOf("/"), 0)))
        .filter((word) => word !== "")
        .join(" ")
        .replace(/``\s|\s''/g, '"')
        .replace(/ ([.,;:?!)\]}])(?=\s|$|")/g, "$1")
        .replace(/([([{]) /g, "$1")
        .replace(/([.?!,;])\1+/g, "$1"),
    )
    .filter((paragraph) => paragraph !== "")
    .join("\n");
}
