import { learnBpe } from "@attend/text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskSpans, removeSpans, unmask } from "../../src/text/masked.ts";
import { findSpans, removeInvisible, simplifyPunctuation } from "../../src/text/spans.ts";

/** Knows ASCII letters and punctuation. */
const tokenizer = learnBpe(
  [
    ` The quick brown fox jumps over the lazy dog, abc xyz ABC H XYZ 0123456789 . ! ? ' " - ( ) % & + < >`,
  ],
  { size: 316, normalization: "nfkc" },
);
const spansOf = (text: string) =>
  findSpans(text, tokenizer, "en").flatMap((part) =>
    typeof part === "object" ? [`${part.kind} ${part.text}`] : [],
  );

describe("findSpans", () => {
  test.each([
    ["see https://example.com/a?b=1&c=(d).", ["address https://example.com/a?b=1&c=(d)"]],
    ["(https://example.com/a)", ["address https://example.com/a"]],
    [
      "see www.example.org, or example.com/path.",
      ["address www.example.org", "address example.com/path"],
    ],
    ["to bob.smith+x@example.co.uk.", ["address bob.smith+x@example.co.uk"]],
    ["thanks @someone for #this_thing", ["address @someone", "address #this_thing"]],
    [
      "open photo.jpg and ./src/main.ts or C:\\x\\y.txt",
      ["file photo.jpg", "file ./src/main.ts", "file C:\\x\\y.txt"],
    ],
    ["in /usr/local/bin", ["file /usr/local/bin"]],
    ["a <b>big</b> dog<br/> &amp; cat", ["tag <b>", "tag </b>", "tag <br/>", "tag &amp;"]],
    [
      "<0>dog</0> <a x='b > c'> <x:y z> <%= name %>",
      ["tag <0>", "tag </0>", "tag <a x='b > c'>", "tag <x:y z>", "placeholder <%= name %>"],
    ],
    ["x < y and z > w", []],
    [
      "the [quick fox](https://a.bc/d_(e)) and ![dog](dog.png)",
      ["tag [", "tag ](https://a.bc/d_(e))", "tag ![", "tag ](dog.png)"],
    ],
    [
      "**quick** *fox* __over__ _the_ ~~dog~~.",
      ["**", "**", "*", "*", "__", "__", "_", "_", "~~", "~~"].map((mark) => `tag ${mark}`),
    ],
    ["the quick_brown * fox", ["sign _", "sign *"]],
    ["| quick | fox |", ["sign |", "sign |", "sign |"]],
    [
      "hello {name} and {{ other }} and {x}",
      ["placeholder {name}", "placeholder {{ other }}", "placeholder {x}"],
    ],
    [
      "%1$s of %d is %(count)s or `code here`",
      ["placeholder %1$s", "placeholder %d", "placeholder %(count)s", "placeholder `code here`"],
    ],
    [
      "{n, plural, one {# dog} other {the {x}}} {{{x}}} #{x} $x $(x) %x% :x [[x]] __X__",
      [
        "placeholder {n, plural, one {# dog} other {the {x}}}",
        ...["{{{x}}}", "#{x}", "$x", "$(x)", "%x%", ":x", "[[x]]", "__X__"].map(
          (text) => `placeholder ${text}`,
        ),
      ],
    ],
    [
      "%@ %5.2f %ld %% %(x).2f %-10s 100% sure",
      [
        ...["%@", "%5.2f", "%ld", "%%", "%(x).2f", "%-10s"].map((text) => `placeholder ${text}`),
        "number 100%",
      ],
    ],
    ["by o'neil@example.org, @some-one", ["address o'neil@example.org", "address @some-one"]],
    [
      "C:\\x y \\\\over\\lazy. ~/dogs d.h. dog.h",
      ["file C:\\x", "file \\\\over\\lazy", "file ~/dogs", "file dog.h"],
    ],
    ["50% of 3 dogs at 10:30", ["number 50%", "number 3", "number 10:30"]],
    [
      "on 2026-11-29 it was -5.5 and $5.99 or 7 €",
      ["number 2026-11-29", "number -5.5", "number $5.99", "number 7 €"],
    ],
    ["call +1 (555) 123-4567 now", ["number +1 (555) 123-4567"]],
    [
      "call +49 (0)30 123 456-78 or +33 1 23 45 67 89 or 1-800-FLOWERS",
      ["number +49 (0)30 123 456-78", "number +33 1 23 45 67 89", "number 1-800-FLOWERS"],
    ],
    [
      "DE89 3704 0044 0532 0130 00 and 1 234,56 € and 3 + 4 = 7 and 1e-5",
      [
        "number DE89 3704 0044 0532 0130 00",
        "number 1 234,56 €",
        "number 3 + 4 = 7",
        "number 1e-5",
      ],
    ],
    [
      "v1.2.3 or 1.0.0-beta.2 of 2026-11-29T13:21:58Z",
      ["number v1.2.3", "number 1.0.0-beta.2", "number 2026-11-29T13:21:58Z"],
    ],
    ["the dog™ is a fox", ["sign ™"]],
    [
      "a 3-year-old with B12, COVID-19 and a 4x4",
      ["number 3-year-old", "number B12", "number COVID-19", "number 4x4"],
    ],
    ["a dog 🐕 and 👨‍👩‍👧 and 🇩🇪 run", ["sign 🐕", "sign 👨‍👩‍👧", "sign 🇩🇪"]],
    ["says שלום, עולם to all", ["word שלום, עולם"]],
    ["• a dog", ["sign •"]],
    ["by Dvořák", ["word Dvořák"]],
    [
      "an iPhone 5 by McDonald's, or YouTube",
      ["name iPhone", "number 5", "name McDonald's", "name YouTube"],
    ],
    [
      "1.85 m and 82,5 kg, or 5 men at 30 km/h",
      ["number 1.85 m", "number 82,5 kg", "number 5", "number 30 km/h"],
    ],
    [`fox ${"x".repeat(300)}`, [`word ${"x".repeat(300)}`]],
    ["it’s “fine” — yes", []],
    ["no span at all", []],
  ])("finds the spans of %j", (text, spans) => {
    expect(spansOf(text)).toEqual(spans);
  });

  test("finds any address, handle, file name and number", () => {
    const name = fc.stringMatching(/^[a-z][a-z\d]{0,9}$/);
    const names = fc.array(name, { minLength: 1, maxLength: 3 });
    const found = fc.oneof(
      fc.tuple(names, names, name).map(([host, path, key]) => {
        return `https://${host.join(".")}.com/${path.join("/")}?${key}=1`;
      }),
      fc.tuple(names, name).map(([user, host]) => `${user.join(".")}@${host}.org`),
      fc.tuple(fc.constantFrom("#", "@"), names).map(([mark, parts]) => mark + parts.join("_")),
      fc.tuple(names, fc.constantFrom("pdf", "jpg", "tar.gz")).map(([parts, ending]) => {
        return `${parts.join("/")}.${ending}`;
      }),
      fc.tuple(fc.nat(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
    );
    fc.assert(
      fc.property(found, fc.constantFrom(".", ", fox", " fox", "?", ")"), (text, after) => {
        const spans = spansOf(`the fox (${text}${after}`).map((span) => span.replace(/^\S+ /, ""));
        expect(spans).toEqual([text]);
      }),
    );
  });

  test("loses no text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...["dog", " ", "3", "🐕", "<b>", "{x}", ".", "a@b.cd", "\uF8FF", "\uF8FE", "ж", "\u200b"],
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const text = pieces.join("");
        const parts = findSpans(text, tokenizer, "en");
        expect(parts.map((part) => (typeof part === "string" ? part : part.text)).join("")).toBe(
          text,
        );
        expect(unmask(maskSpans(parts, (part) => part))).toBe(text);
      }),
    );
  });

  test("takes linear time", () => {
    for (const piece of [
      "a",
      "-",
      "5",
      "<a ",
      "a.",
      "{",
      "/a",
      "@",
      "ж",
      "<!--",
      "1-",
      "+5 ",
      "](",
      "{a,b,{",
      "aB",
    ]) {
      const text = piece.repeat(200_000);
      expect(findSpans(text, tokenizer, "en").length).toBeGreaterThan(0);
    }
  }, 600_000);
});

test("foreign letters are spans even if the tokenizer knows them", () => {
  const wide = learnBpe(["The quick brown fox 東京"], { size: 274, normalization: "nfkc" });
  const found = (language: string) =>
    findSpans("fox 東京", wide, language).flatMap((part) =>
      typeof part === "object" ? [part] : [],
    );
  expect(found("en")).toEqual([{ text: "東京", kind: "word" }]);
  expect(found("ja")).toEqual([]);
});

test("invisible characters are removed, and unknown punctuation is simplified", () => {
  const read = (text: string) => simplifyPunctuation(removeInvisible(text), tokenizer);
  expect(read("\u200eA man is rid\u00ading a\u2028bike\u200b\ufeff.")).toBe(
    "A man is riding a bike.",
  );
  expect(read("it’s “fine” — yes\t!")).toBe(`it's "fine" - yes !`);
});

describe("removeSpans", () => {
  const remove = (text: string) =>
    removeSpans(
      maskSpans(findSpans(text, tokenizer, "en"), (part) => part),
      () => false,
    );

  test.each([
    ["Two dogs 🐕 play.", "Two dogs play."],
    ["A dog runs 🐕.", "A dog runs."],
    ["A <b>big</b> dog", "A big dog"],
    ["dogs<br>play", "dogs play"],
    ["Hello {name}, dogs", "Hello, dogs"],
    ["a (🐕) b", "a () b"],
    ["dogs<br><br>play", "dogs play"],
    ["A <b>big</b><i>dog</i>", "A big dog"],
  ])("turns %j into %j", (text, expected) => {
    expect(remove(text).text).toBe(expected);
  });

  test("returns the position of each span", () => {
    const { text, gaps } = remove("A <b>big</b> dog 🐕.");
    expect(text).toBe("A big dog.");
    expect(gaps.map(({ span, at, apart }) => [span.text, at, ...apart])).toEqual([
      ["<b>", 2, true, false],
      ["</b>", 5, false, true],
      ["🐕", 9, true, true],
    ]);
  });
});
