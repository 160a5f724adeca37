const names =
  "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット".split(
    " ",
  );

/** A word in Latin letters as their Japanese names; anything else as it is. */
export function lettersAsKana(word: string): string {
  return word.replace(/[a-z]/gi, (letter) => names[letter.toLowerCase().charCodeAt(0) - 97] ?? "");
}
