"""Writes evaluate.golden.json: what sacreBLEU's command line says of made-up files.

Needs: pip install sacrebleu==2.6.0. To compare more than what is kept: make_evaluate.py COUNT FILE.

Each corpus has one to three references a line; lines may be empty on either side. Every corpus is scored with the
options of OPTIONS, as `sacrebleu REFERENCES -i HYPOTHESES -m bleu chrf ter -w 9 OPTIONS`, and once more for chrF++.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

OPTIONS = [
    [],
    ["-lc"],
    ["-lc", "--chrf-lowercase", "--ter-case-sensitive"],
    ["-s", "none"],
    ["-s", "floor"],
    ["-s", "floor", "-sv", "0.37"],
    ["-s", "add-k"],
    ["-s", "add-k", "-sv", "0.5"],
    ["-tok", "zh", "-lc"],
    ["-tok", "char"],
    ["-tok", "intl"],
]
WORDS = (
    "the a of dog Cat Man woman RUNS over under, bridge. 3,5 it's \"yes\" no! old-town 2016 water & (two) Straße "
    "größer İstanbul – 犬 走る。 我喜欢 苹果, 한국어 😀 &quot;x&quot;"
).split()


def disturb(rng: random.Random, words: list[str]) -> list[str]:
    words = list(words)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(words) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            words.insert(at, rng.choice(WORDS))
        elif kind == 1:
            del words[at : at + 1]
        elif kind == 2:
            words[at : at + 1] = [word.swapcase() for word in words[at : at + 1]]
        else:
            words = words[at:] + words[:at]
    return words


def corpus(seed: int) -> dict:
    rng = random.Random(seed)
    count, lines = rng.randrange(1, 4), rng.randrange(1, 12)
    empty = rng.choice([0, 0.1, 0.4])
    hypotheses, references = [], [[] for _ in range(count)]
    for _ in range(lines):
        truth = [rng.choice(WORDS) for _ in range(rng.randrange(1, 16))]
        for side in [hypotheses, *references]:
            blank = rng.choice(["", "", "  "])
            side.append(blank if rng.random() < empty else " ".join(disturb(rng, truth)))
    return {"hypotheses": hypotheses, "references": references}


def score(folder: pathlib.Path, count: int, options: list[str]) -> list[dict]:
    command = ["sacrebleu", *(f"ref{i}" for i in range(count)), "-i", "hyp", "-w", "9", *options]
    found = []
    for metrics in (["-m", "bleu", "chrf", "ter"], ["-m", "chrf", "-cw", "2"]):
        said = subprocess.run([*command, *metrics], cwd=folder, capture_output=True, check=True, text=True).stdout
        scores = json.loads(said)
        for each in scores if isinstance(scores, list) else [scores]:
            found.append({
                "metric": each["name"],
                "score": each["score"],
                "signature": each["signature"].rsplit("|", 1)[0],
            })
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    path = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).with_name("evaluate.golden.json"))
    corpora = []
    for seed in range(1, count + 1):
        made = corpus(seed)
        with tempfile.TemporaryDirectory() as folder:
            files = {"hyp": made["hypotheses"], **{f"ref{i}": lines for i, lines in enumerate(made["references"])}}
            for name, lines in files.items():
                text = "".join(f"{line}\n" for line in lines)
                (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")
            scored = [
                {"options": options, "scores": score(pathlib.Path(folder), len(made["references"]), options)}
                for options in OPTIONS
            ]
        corpora.append({**made, "scored": scored})
    path.write_text(json.dumps(corpora, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


main()
