import type { Audio } from "@attend/audio";
import { loadGolden } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { splitNumerals } from "../src/japanese/counters.ts";
import { japanesePhonemes } from "../src/japanese/japanese-phonemes.ts";
import { kanaPhonemes } from "../src/japanese/kana-phonemes.ts";
import { lettersAsKana } from "../src/japanese/letters.ts";
import { EngineSynthesizer, type Speaking } from "../src/synthesizers/engine-synthesizer.ts";
import { phrasesOf, sentencesOf } from "../src/synthesizers/sentences.ts";

describe("a synthesizer", () => {
  const said: string[] = [];
  const engine: Speaking = {
    sampleRate: 10,
    voices: ["a", "b"],
    async speak(sentence, { voice }) {
      said.push(`${voice}: ${sentence}`);
      return Float32Array.of(1, 1);
    },
    async close() {},
  };
  const info = { name: "parrot", kind: "synthesizer", languages: ["en"], parts: [] } as const;
  const parrot = new EngineSynthesizer(info, engine);

  test("says sentence after sentence, with a pause between them", async () => {
    said.length = 0;
    const audio = await parrot.say("Hello there. How are you?", { language: "en", voice: "b" });
    expect(said).toEqual(["b: Hello there.", "b: How are you?"]);
    expect(audio).toEqual({ samples: Float32Array.of(1, 1, 0, 0, 0, 1, 1), sampleRate: 10 });
  });

  test("gives each part as soon as it is spoken; a slow one says phrase after phrase", async () => {
    const parts: number[] = [];
    const onPart = ({ samples }: Audio) => parts.push(samples.length);
    const text = "A man in blue, who sings, walks. He stops.";
    await parrot.say(text, { language: "en", onPart });
    expect(parts).toEqual([2, 5]);
    said.length = 0;
    const slow = new EngineSynthesizer(info, { ...engine, sampleRate: 20, slow: true });
    const { samples } = await slow.say(text, { language: "en", onPart });
    expect(said).toEqual(["a: A man in blue, ", "a: who sings, ", "a: walks.", "a: He stops."]);
    expect(parts.slice(2)).toEqual([2, 5, 5, 8]);
    expect(samples).toHaveLength(20);
    said.length = 0;
    await slow.say(text, { language: "en" });
    expect(said).toHaveLength(2);
  });

  test.each(["", " \n", "...!"])("says nothing for %j", async (text) => {
    expect((await parrot.say(text, { language: "en" })).samples).toHaveLength(0);
  });

  test("names its languages and voices", async () => {
    await expect(parrot.say("a", { language: "ja" })).rejects.toThrow(
      'parrot does not speak "ja"; use one of en',
    );
    await expect(parrot.say("a", { language: "en", voice: "c" })).rejects.toThrow(
      'parrot has no voice "c"; use one of a, b',
    );
  });

  test("stops between sentences", async () => {
    const signal = AbortSignal.abort();
    await expect(parrot.say("a", { language: "en", signal })).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
  });
});

test("long sentences are cut at a comma, otherwise at a space, otherwise anywhere", () => {
  const comma = `${"word ".repeat(40)}end, ${"more ".repeat(40)}`;
  expect(sentencesOf(comma, "en").map((piece) => piece.slice(-4))).toEqual(["end,", "more"]);
  const spaces = sentencesOf("word ".repeat(100), "en");
  expect(spaces.every((piece) => piece.length <= 270 && piece.endsWith("word"))).toBe(true);
  expect(sentencesOf("x".repeat(600), "en").join("")).toBe("x".repeat(600));
  expect(sentencesOf("今日は晴れです。明日は雨でしょう。", "ja")).toEqual([
    "今日は晴れです。",
    "明日は雨でしょう。",
  ]);
});

describe("phrases", () => {
  test.each([
    ["end at a comma; short ones stay with their neighbor", "今日は、|はい、1,300円です。"],
    ["end after a particle", "青いシャツを|着た男性が座っている。"],
    ["are longer and longer", "青いシャツを|着た男性が車を洗って水を|飲む人を見た。"],
    ["do not end within a word", "食べ物が|飛び出して、|出口から上がりました。"],
    ["are not short at the end", "青いシャツを洗う。"],
    ["are not short at the start", "犬が水を|飲んでいる。"],
    ["of one word are the sentence", "Yes."],
  ])("%s", (_, phrases) => {
    expect(phrasesOf(phrases.replaceAll("|", ""))).toEqual(phrases.split("|"));
  });
});

describe("Japanese numbers", () => {
  const readings = (text: string) =>
    splitNumerals(text)
      .map(({ text: part, reading }) => reading ?? part)
      .join("");

  test.each([
    ["10分", "じゅっぷん"],
    ["1分", "いっぷん"],
    ["3分", "さんぷん"],
    ["4分", "よんぷん"],
    ["5分", "ごふん"],
    ["十分ほど", "じゅっぷんほど"],
    ["十分です", "十分です"],
    ["3本", "さんぼん"],
    ["6匹", "ろっぴき"],
    ["20日", "はつか"],
    ["5月1日", "ごがついちにち".replace("いちにち", "ついたち")],
    ["1人と2人と4人", "ひとりとふたりとよにん"],
    ["7時", "しちじ"],
    ["2024年", "にせんにじゅうよねん"],
    ["8歳", "はっさい"],
    ["1,300円", "せんさんびゃくえん"],
    ["3.14", "さんてんいちよん"],
    ["0.5", "れいてんご"],
    ["10000000", "いっせんまん"],
    ["120000000", "いちおくにせんまん"],
    ["１０個", "じゅっこ"],
    ["007", "ゼロゼロなな"],
    ["0", "ゼロ"],
  ])("%s is read %s", (text, reading) => {
    expect(readings(text)).toBe(reading);
  });
});

describe("Kokoro's phonemes", () => {
  test("are those of misaki", () => {
    const golden = loadGolden<Record<string, string>>(
      new URL("./golden/kana-phonemes.golden.json", import.meta.url),
    );
    const words = Object.keys(golden);
    expect(words.length).toBeGreaterThan(150);
    expect(Object.fromEntries(words.map((word) => [word, kanaPhonemes(word)]))).toEqual(golden);
  });

  test.each([
    ["コンニチワ", "koɲɲiʨiβa"],
    ["トーキョー", "toːkʲoː"],
    ["ガッコー", "ɡaʔkoː"],
    ["サンポ", "sampo"],
    ["シャシン", "ɕaɕiɴ"],
    ["ファイル", "ɸaiɾɯ"],
    ["。", "."],
  ])("of %s are %s", (kana, phonemes) => {
    expect(kanaPhonemes(kana)).toBe(phonemes);
  });

  test("have spaces between words, but not before marks", () => {
    const words = [
      ...[
        { surface: "今日", reading: "キョー" },
        { surface: "は", reading: "ワ" },
      ],
      ...[
        { surface: "、", reading: "、" },
        { surface: "雨", reading: "アメ" },
      ],
      ...[
        { surface: "です", reading: "デス" },
        { surface: "。", reading: "。" },
      ],
    ];
    expect(japanesePhonemes(words, new Set())).toBe("kʲoː βa, ame desɨ.");
    expect(japanesePhonemes(words, new Set(["今日は"]))).toBe("kʲoːβa, ame desɨ.");
  });

  test("letters are read by their names", () => {
    expect(lettersAsKana("AI")).toBe("エーアイ");
    expect(lettersAsKana("犬")).toBe("犬");
  });
});
