"""Writes mt-metrics.golden.json: sacreBLEU's scores of difficult lines, generated lines and Multi30k.

Needs: pip install sacrebleu==2.6.0 numpy regex. Given the folder of Multi30k (its *.gz) as argument, the scores
of 400 lines of its test set are recomputed; otherwise the existing ones are kept. Its text is not stored.

- tokens: every difficult line by every tokenizer, and by TER with every combination of options.
- corpora: lines with references, and corpus and line scores for many options.
- bootstrap: the paired bootstrap test of sacrebleu.significance on fixed resamples, in float64 (sacreBLEU uses
  float32, a difference beyond the digits it prints).
"""

import gzip
import json
import pathlib
import random
import sys
import types

import numpy
import sacrebleu.significance as significance
from sacrebleu.metrics import BLEU, CHRF, TER

AWKWARD = [
    "",
    " ",
    "  leading and trailing spaces \t ",
    "Hello, World!",
    "It costs 1,234.56 dollars; or 12.5% of 3,000.",
    "In 1999. In 2000, and 5-6 times - or 7 -8.",
    "He said: \"Well... it's John's, isn't it?\" (No!)",
    "'tis the dogs' day, the U.S. and the U.K.",
    "&quot;Quoted&quot; &amp; &lt;escaped&gt; &amp;lt; &apos;not this&apos;",
    "<skipped>A line with <skipped> marks- in it",
    "A hyphen-ated state-of-the-art e-mail: a@b.com/path?x=1&y=2#z",
    "Das Mädchen füttert Gänse – „süße“ Straße, ÄÖÜ ß.",
    "«Voilà», dit-il, l’œuvre d’été à 3 €…",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "猫が窓辺で寝ています。とても気持ちよさそうですね!",
    "カタカナと ひらがな、１２３（全角）「引用」・ｱｲｳ。",
    "我喜欢吃苹果,但是他不喜欢。价格是3.14元(约)!",
    "中文 English 混合 text, 第5.章 “引号” — 破折号…… ①②㊗㌔𠀀𪚥",
    "한국어 문장입니다. 숫자 1,000원.",
    "Emoji 😀👍🏽 and flags 🇩🇪! family 👨‍👩‍👧 end",
    "the the the the the the the",
    "a b a b a b a b a b",
    "no\u00a0break thin\u2009space ideographic\u3000space zero\u200bwidth \ufeffmark",
    "control\x1cseparator\x85next",
    "math: x² ≤ y³ ± 5½ × ∞ $5 + £3 = ¥7 ^ ~ ` | \\ _",
    "... , , . .5 5. 5, 1.2.3 1,2,3 a.b a,b",
    "!?!? -- --- - ' '' \"",
    "2.\u3000",
    "İstanbul ΣΊΣΥΦΟΣ STRASSE ǅ",
    "wait... what?!.. (see p.5,6) [x]{y}",
    "a's b's's 's",
    "٣٫١٤ देवनागरी। १२,३४५ العربية؟",
    "-\u2028line separator-",
]
# Options whose names differ in TypeScript.
NAMES = {
    "tokenize": "tokenizer",
    "smooth_method": "smoothing",
    "smooth_value": "smoothingValue",
    "effective_order": "effectiveOrder",
    "char_order": "charOrder",
    "word_order": "wordOrder",
    "eps_smoothing": "epsilonSmoothing",
    "no_punct": "noPunctuation",
    "asian_support": "asianSupport",
    "case_sensitive": "caseSensitive",
}
TOKENIZERS = ["13a", "intl", "zh", "char", "none"]
TER_OPTIONS = [
    {"normalized": n, "no_punct": p, "asian_support": a, "case_sensitive": c}
    for n in (False, True)
    for p in (False, True)
    for a in (False, True)
    for c in (False, True)
]
BLEU_OPTIONS = [
    *[{"tokenize": t, "lowercase": lc} for t in TOKENIZERS for lc in (False, True)],
    {"smooth_method": "none"},
    {"smooth_method": "floor"},
    {"smooth_method": "floor", "smooth_value": 0.37},
    {"smooth_method": "add-k"},
    {"smooth_method": "add-k", "smooth_value": 0.5, "effective_order": True},
    {"effective_order": True},
]
CHRF_OPTIONS = [
    {},
    {"word_order": 2},
    {"word_order": 1, "lowercase": True},
    {"whitespace": True, "word_order": 2},
    {"char_order": 3, "beta": 1},
    {"char_order": 0, "word_order": 2, "beta": 3},
    {"eps_smoothing": True},
    {"eps_smoothing": True, "word_order": 2, "lowercase": True},
]


def rounded(value):
    """Enough digits for the tests, in half the space."""
    if isinstance(value, float):
        return float(f"{value:.13g}")
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list | tuple) else value


def by_index(references: list[list[str]]) -> list[list[str | None]]:
    """sacreBLEU groups references by index; a line with fewer has None."""
    width = max(len(r) for r in references)
    return [[r[i] if i < len(r) else None for r in references] for i in range(width)]


def signature(metric) -> str:
    """The signature without sacreBLEU's version."""
    return str(metric.get_signature()).rsplit("|", 1)[0]


def renamed(options: dict) -> dict:
    return {NAMES.get(name, name): value for name, value in options.items()}


def corpus_and_lines(metric, hypotheses: list[str], grouped: list[list[str | None]]):
    """Corpus and line scores from the same statistics: computing TER twice takes too long."""
    rows = metric._extract_corpus_statistics(hypotheses, grouped)
    return metric._aggregate_and_compute(rows), [metric._compute_score_from_stats(row).score for row in rows]


def evaluate(hypotheses: list[str], references: list[list[str]]) -> dict:
    grouped = by_index(references)
    bleus, chrfs, ters = [], [], []
    # Takes minutes per option if lines are very long.
    few = max(len(line.split()) for line in hypotheses) > 80
    for options in BLEU_OPTIONS:
        metric = BLEU(force=True, **options)
        b = metric.corpus_score(hypotheses, grouped)
        one = BLEU(force=True, **{"effective_order": True, **options})
        per_line = [one.sentence_score(h, r).score for h, r in zip(hypotheses, references)]
        bleus.append({
            "options": renamed(options), "score": b.score, "signature": signature(metric), "perLine": per_line,
            "precisions": list(b.precisions), "bp": b.bp, "lengths": [b.sys_len, b.ref_len],
        })
    for options in CHRF_OPTIONS:
        metric = CHRF(**options)
        c = metric.corpus_score(hypotheses, grouped)
        _, per_line = corpus_and_lines(metric, hypotheses, grouped)
        chrfs.append({
            "options": renamed(options), "score": c.score, "signature": signature(metric), "perLine": per_line,
            "name": c.name,
        })
    for options in TER_OPTIONS[:1] if few else TER_OPTIONS:
        metric = TER(**options)
        t, per_line = corpus_and_lines(metric, hypotheses, grouped)
        ters.append({
            "options": renamed(options), "score": t.score, "signature": signature(metric), "perLine": per_line,
            "edits": t.num_edits, "length": t.ref_length,
        })
    return {"bleu": bleus, "chrf": chrfs, "ter": ters}


WORDS = (
    "the a of dog cat Man woman runs Running over under, bridge. 3,5 it's \"yes\" no! old-town 2016 water & "
    "(two) red Red RED street; near grün Straße Hunde, größer – 犬 走る。 と"
).split()


def disturb(rng: random.Random, words: list[str], strength: float) -> list[str]:
    words = list(words)
    for _ in range(int(len(words) * strength) + 1):
        kind = rng.randrange(6)
        at = rng.randrange(len(words) + 1)
        to = min(at + 1 + rng.randrange(6), len(words))
        if kind == 0:
            words.insert(at, rng.choice(WORDS))
        elif kind == 1:
            del words[at : at + 1]
        elif kind == 2 and at < len(words):
            words[at] = rng.choice(WORDS)
        elif kind == 3 and at < len(words):
            words[at] = words[at].swapcase()
        else:
            span = words[at:to]
            del words[at:to]
            place = rng.randrange(len(words) + 1)
            words[place:place] = span
    return words


def made_up(
    seed: int, lines: int, lengths: list[int], references: list[int], vocabulary: int
) -> tuple[list[str], list[list[str]]]:
    rng = random.Random(seed)
    hypotheses, all_references = [], []
    for _ in range(lines):
        truth = [rng.choice(WORDS[:vocabulary]) for _ in range(rng.choice(lengths))]
        hypotheses.append(" ".join(disturb(rng, truth, rng.choice([0, 0.1, 0.3, 0.8]))))
        count = rng.choice(references)
        all_references.append([" ".join(truth if i == 0 else disturb(rng, truth, 0.3)) for i in range(count)])
    return hypotheses, all_references


def bootstrap(baseline: list[str], system: list[str], references: list[list[str]], samples: int) -> dict:
    """The test on resamples drawn by a rule that is easy to reproduce elsewhere."""
    drawn = []

    class Rule:
        def choice(self, below: int, size: tuple[int, int], replace: bool):
            state, values = 1, []
            for _ in range(size[0] * size[1]):
                state = state * 48271 % 2147483647
                values.append(state % below)
            drawn.append(values)
            return numpy.array(values).reshape(size)

    double = types.SimpleNamespace(
        **{name: getattr(numpy, name) for name in ("sort", "abs", "sum", "ndarray")},
        array=lambda values, dtype=None: numpy.array(values, dtype=float),
        random=types.SimpleNamespace(default_rng=lambda seed: Rule()),
    )
    significance.np = double
    results = []
    for metric in (BLEU(force=True), CHRF(), CHRF(word_order=2), TER()):
        signatures, scores = significance.PairedTest(
            [("baseline", baseline), ("system", system)], {"m": metric}, by_index(references), "bs", samples)()
        name = next(key for key in scores if key != "System")
        results.append({
            "name": name,
            "signature": str(signatures[name]).rsplit("|", 1)[0],
            **{who: {k: None if v is None else float(v) for k, v in vars(r).items()}
               for who, r in zip(("baseline", "system"), scores[name])},
        })
    significance.np = numpy
    return {"baseline": baseline, "system": system, "references": references, "samples": samples, "results": results}


def multi30k(folder: pathlib.Path) -> dict:
    def read(language: str) -> list[str]:
        with gzip.open(folder / f"test_2016_flickr.{language}.gz", "rt", encoding="utf-8", newline="\n") as file:
            return file.read().split("\n")[:400]

    def translate(line: int, words: list[str], other: str) -> str:
        """Not a translation, but about as different as one; the test does the same."""
        half = len(words) // 2
        if line % 3 == 0:
            words = words[half:] + words[:half]
        if line % 4 == 0:
            words = words[:-2]
        if line % 5 == 0:
            words = words[::-1]
        if line % 7 == 0:
            words = words[:half] + words[: half // 2] + words[half:]
        return other if line % 11 == 0 else " ".join(words)

    golden = {}
    czech = read("cs")
    for language in ("de", "fr"):
        lines = read(language)
        hypotheses = [translate(i, line.split(" "), czech[i]) for i, line in enumerate(lines)]
        other = lines[1:] + lines[:1]
        golden[language] = evaluate_short(hypotheses, [[line] for line in lines])
        golden[f"{language}, 2 references"] = evaluate_short(hypotheses, [list(pair) for pair in zip(other, lines)])
    return golden


def evaluate_short(hypotheses: list[str], references: list[list[str]]) -> dict:
    grouped = by_index(references)
    return {
        "bleu": [BLEU(force=True, tokenize=t).corpus_score(hypotheses, grouped).score for t in TOKENIZERS],
        "chrf": [CHRF(word_order=w).corpus_score(hypotheses, grouped).score for w in (0, 2)],
        "ter": [TER(normalized=n).corpus_score(hypotheses, grouped).score for n in (False, True)],
    }


def main() -> None:
    path = pathlib.Path(__file__).with_name("mt-metrics.golden.json")
    rng = random.Random(7)
    shuffled = AWKWARD[:]
    rng.shuffle(shuffled)
    texts = {
        "awkward lines against themselves": (AWKWARD, [[line] for line in AWKWARD]),
        "awkward lines against others": (AWKWARD, [[line] for line in shuffled]),
        "awkward lines, disturbed": (
            [" ".join(disturb(rng, line.split(" "), 0.3)) for line in AWKWARD],
            [[line, other] for line, other in zip(AWKWARD, shuffled)],
        ),
        "made up, 1 reference": made_up(1, 60, [3, 8, 15, 30], [1], len(WORDS)),
        "made up, 1 to 4 references": made_up(2, 40, [1, 2, 5, 12, 25], [1, 2, 3, 4], len(WORDS)),
        "few words again and again": made_up(3, 40, [6, 12, 24], [1, 2], 4),
        "long lines": made_up(4, 4, [90, 140, 200], [1], len(WORDS)),
        "lengths far apart": (
            ["word", " ".join(WORDS * 6), "", "a b c", "the dog " * 70],
            [[" ".join(WORDS * 5)], ["dog"], ["not empty"], [""], ["dog the a"]],
        ),
        "nothing in common": (["one two three", "four"], [["eins zwei drei vier"], ["fünf"]]),
        "nothing at all": (["", ""], [["", ""], [""]]),
        "short lines": (["a b", "c"], [["a b"], ["d c"]]),
    }
    hypotheses, references = made_up(5, 50, [5, 10, 20], [1, 2], len(WORDS))
    system = [" ".join(disturb(rng, line.split(" "), 0.05)) for line in hypotheses]
    if len(sys.argv) > 1:
        real = multi30k(pathlib.Path(sys.argv[1]))
    else:
        real = json.loads(path.read_text())["multi30k"]
    golden = {
        "tokens": [
            {
                "line": line,
                "bleu": {t: BLEU(tokenize=t)._preprocess_segment(line).split() for t in TOKENIZERS},
                "lower": BLEU(lowercase=True)._preprocess_segment(line).split(),
                "ter": [TER(**options)._preprocess_segment(line).split() for options in TER_OPTIONS],
            }
            for line in AWKWARD
        ],
        "corpora": {
            name: {"hypotheses": h, "references": r, **evaluate(h, r)} for name, (h, r) in texts.items()
        },
        "bootstrap": bootstrap(hypotheses, system, references, 200),
        "multi30k": real,
    }
    path.write_text(json.dumps(rounded(golden), ensure_ascii=False, separators=(",", ":")) + "\n")


main()
