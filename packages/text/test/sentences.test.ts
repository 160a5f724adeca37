import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSentences } from "../src/sentences.ts";

const cut = (text: string, language?: string) =>
  splitSentences(text, language).map((sentence) => sentence.text);

/** Each row contains the sentences of a text, to be joined by spaces. */
function expectSentences(rows: readonly (readonly string[])[], language?: string) {
  for (const sentences of rows) expect(cut(sentences.join(" "), language)).toEqual(sentences);
}

describe("splitSentences", () => {
  test("splits at sentence ends", () => {
    expectSentences([
      ["A man is riding a bicycle.", "Two dogs play in the snow."],
      ["What is it?", "A dog!", "Then it rains…", "Nobody stays."],
      ['"A man runs."', '"Two dogs play."'],
      ["(A man runs.)", "Two dogs play."],
      ["A man sits in the sun.", "Dogs play.", "He said no.", "It was fun."],
      ["Wait...", "What?!", "Go!"],
      ["One sentence alone"],
    ]);
  });

  test("tolerates missing capitals, spaces and periods", () => {
    expectSentences([
      ["two dogs play.", "a man sings.", "why?", "nobody knows."],
      ["they are 5 .", "it is late ."],
      ["A man is here.", "2 dogs play."],
      ["A girl swims in a pool", "Several children are outdoors."],
    ]);
    expect(cut("He rides a bicycle.Two dogs play.")).toEqual([
      "He rides a bicycle.",
      "Two dogs play.",
    ]);
    expect(cut("A DOG RUNS.TWO DOGS PLAY.")).toEqual(["A DOG RUNS.", "TWO DOGS PLAY."]);
    expect(cut("a dog runs.two dogs play.3 cats sleep.")).toHaveLength(3);
    expect(cut("a dog runs .he stays .")).toEqual(["a dog runs .", "he stays ."]);
    expect(cut("A dog runs. - Two dogs play.")).toEqual(["A dog runs.", "- Two dogs play."]);
    expect(cut("A dog runsTwo dogs play")).toEqual(["A dog runs", "Two dogs play"]);
    expect(cut("A dog runs \uF8FF Two dogs play")).toEqual(["A dog runs \uF8FF", "Two dogs play"]);
    expect(cut("Ein Hund rennt im Wasser Zwei Kinder spielen.", "de")).toHaveLength(2);
    expect(cut("Un chien court dans l'eau Deux enfants jouent.", "fr")).toHaveLength(2);
  });

  test("does not split after abbreviations, initials or quotes", () => {
    expectSentences([
      ["Mr. Smith met Dr. Jones and Prof. Lee.", "They left."],
      ["J. R. R. Tolkien wrote it.", "He is dead."],
      ["He lives in the U.S. with approx. five dogs, e.g. this one."],
      ["He lives in the U.S.", "He is happy."],
      ["It costs much, etc. and so on.", "See no. 5 and fig. 3 on Dec. 24."],
      ['"Stop!" he says.', "They stop."],
      ["So do I.", "Dogs run."],
      ["Le siège de l'O. N. U. est loin.", "Il dort."],
      ["He reads A Tale of Two Cities in The Hague."],
    ]);
  });

  test("splits after contractions and possessives", () => {
    expectSentences([
      ["She said that he didn't.", "Nobody asked Tom's.", "Perhaps I'd.", "Dogs run."],
      ["He said it wasn’t.", "Tom agreed.", "‘She couldn’t.’", "Tom left."],
      ["he said that it isn't.", "tom did.", "it's tom's.", "3 dogs run."],
      ["NO, IT ISN'T.", "DOGS RUN.", "IT'S TOM'S.", "SO I'M.", "DOGS SLEEP."],
      ["The house is the Smiths'.", "Tom left."],
      ["It is Mr. O'B. Smith's.", "Tom left."],
    ]);
    expect(cut("He didn't.Tom did.")).toEqual(["He didn't.", "Tom did."]);
  });

  test("does not split after ordinals in languages that write them with a period", () => {
    expectSentences([["Am 3. Mai kam er z. B. nach Hause.", "Sie ist 30.", "Er auch."]], "de");
    expectSentences([["Ludwig XIV. war klein.", "Er auch."]], "de");
    expectSentences([["He is number 3.", "Dogs run."]], "en");
  });

  test("splits after full-width punctuation without a space", () => {
    expect(cut("雨が降る。今日は家にいる！なぜ？", "ja")).toEqual([
      "雨が降る。",
      "今日は家にいる！",
      "なぜ？",
    ]);
  });

  test("splits at line breaks", () => {
    expect(cut("a\nb c\n\nd.")).toEqual(["a", "b c", "d."]);
  });

  test("leaves only whitespace between sentences of any text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...["A", "dog", ". ", ".", "?! ", "Mr. ", '"', "\n", " ", "3", "…", "。", "U.S. "],
      ),
      fc.string({ unit: "grapheme", maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.constantFrom("en", "de", "ja"),
        (pieces, language) => {
          const text = pieces.join("");
          let end = 0;
          for (const sentence of splitSentences(text, language)) {
            expect(text.slice(end, sentence.start).trim()).toBe("");
            expect(text.slice(sentence.start).startsWith(sentence.text)).toBe(true);
            expect(sentence.text).toBe(sentence.text.trim());
            end = sentence.start + sentence.text.length;
          }
          expect(text.slice(end).trim()).toBe("");
        },
      ),
    );
  });

  test("takes time linear in the length of the text", () => {
    expect(cut("A dog runs. ".repeat(20_000))).toHaveLength(20_000);
    expect(cut("a".repeat(1_000_000))).toHaveLength(1);
    expect(cut(". ".repeat(100_000)).length).toBeGreaterThan(0);
    expect(cut(" ".repeat(1_000_000))).toEqual([]);
  });
});
