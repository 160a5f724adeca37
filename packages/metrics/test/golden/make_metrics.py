"""Writes metrics.golden.json: what the public reference implementations make of two small corpora.

Needs: pip install pycocoevalcap==1.2 sacrebleu==2.6.0 numpy, and Java. The sentences are made up by a
seeded template grammar, with edge cases written by hand; all are lower-case tokens without marks.

- bleu, rougeL, ciderD: pycocoevalcap's Bleu (closest reference length), Rouge and Cider; its `Cider` is
  the CIDEr-D of Vedantam et al. 2015.
- cider: pycocoevalcap has no plain CIDEr; `plain_cider` below is written from the paper (equations 1 to
  3), times 10 as in the authors' own program.
- sacrebleu: corpus_bleu with tokenize="none", smoothing "none" and "exp".
- meteor: the meteor-1.5.jar of pycocoevalcap, `-l en -m "exact stem"`, weights of these two modules
  (1.0 0.6), parameters of the 'rank' task as ever.
"""

import json
import math
import pathlib
import random
import subprocess
from collections import Counter

import pycocoevalcap.meteor.meteor
import sacrebleu
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

# Candidate, references.
EDGE_CASES = [
    ("", ["a dog runs on the grass", "the dog is running"]),
    ("dog", ["a dog runs on the grass", "dog", "a brown dog"]),
    ("dog", ["a cat", "two cats sit on a sofa"]),
    ("a dog runs on the grass", ["a dog runs on the grass", "a brown dog"]),
    ("a dog runs on the grass", ["a dog runs on the grass"]),
    ("a dog runs fast", ["a dog runs on the grass", "a dog", "dog"]),  # 6 and 2 are as near to 4
    ("a dog runs fast", ["a dog", "a dog runs on the grass"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("a a a dog dog dog", ["a dog and a dog and a dog", "dogs"]),
    ("two dogs are running quickly through snowy fields", ["two dog run quick through a snow field"]),
    ("running runs ran runner", ["run run run run", "runs running runner ran"]),
    ("the man the dog the man", ["the dog the man the dog", "man dog the the"]),
    ("of the and a to", ["a to the of and", "in an is"]),
    ("zebra xylophone", ["a man rides a horse", "people walk"]),
    ("a man is n't riding the zebra 's back -lrb- 2 -rrb-", ["a man does n't ride the zebra 's back", "# 2"]),
    ("a man rides a red motorcycle down the long dusty road near a very old wooden church at sunset with his dog", ["a man rides", "motorcycle"]),
    ("man", ["a man rides a red motorcycle down the long dusty road near a very old wooden church at sunset"]),
    ("b c d a", ["a b c d", "d c b a"]),
    ("a b a b a b a b", ["b a b a b a b a", "a b"]),
    ("a man and a man and a woman", ["a woman and a man and a woman and a man", "a man a woman"]),
    ("the dogs dog the dog", ["the dog dogs the dogs dog", "dog dogs"]),
    ("café naïve 2 t-shirts u.s. p.m.", ["a café with 2 t-shirt p.m. u.s.", "naïve"]),
    ("happily happier happiness", ["happy happy happy", "happi"]),
    ("generously generating generations", ["general generic generate", "generous"]),
]


def made_up(seed: int, images: int, references: int) -> list[tuple[str, list[str]]]:
    rng = random.Random(seed)
    who = "man woman boy girl dog cat child surfer skateboarder player people dogs children horses".split()
    look = "red young brown small two black old smiling running wet".split()
    verbs = "rides riding runs running jumps jumping stands standing plays playing watches watching".split()
    things = "bike bikes ball waves wave horse frisbee street beach grass benches bench water".split()
    where = ["on the", "near a", "with his", "through the", "over a", "in front of the", "next to", "at"]

    def sentence(topic: list[str]) -> str:
        subject, verb, thing = (w if rng.random() < 0.7 else rng.choice(c) for w, c in zip(topic, (who, verbs, things)))
        words = [rng.choice(["a", "the"]), *([rng.choice(look)] if rng.random() < 0.5 else []), subject]
        words += [*(["is"] if verb.endswith("ing") else []), verb, *rng.choice(where).split(), thing]
        if rng.random() < 0.4:
            words += [*rng.choice(where).split(), *([rng.choice(look)] if rng.random() < 0.5 else []), rng.choice(things)]
        return " ".join(words)

    corpus = []
    for _ in range(images):
        topic = [rng.choice(who), rng.choice(verbs), rng.choice(things)]
        refs = [sentence(topic) for _ in range(references)]
        kind = rng.random()
        if kind < 0.1:
            words = rng.choice(refs).split()
            rng.shuffle(words)
            candidate = " ".join(words)
        elif kind < 0.2:
            candidate = rng.choice(refs)
        else:
            candidate = sentence(topic)
        corpus.append((candidate, refs))
    return corpus


def plain_cider(corpus: list[tuple[str, list[str]]]) -> list[float]:
    def grams(text: str, n: int) -> Counter:
        words = text.split()
        return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))

    scores = []
    frequencies = [Counter(g for _, refs in corpus for g in {g for r in refs for g in grams(r, n)}) for n in range(1, 5)]
    for candidate, refs in corpus:
        total = 0.0
        for n in range(1, 5):
            def vector(text: str) -> dict:
                counts = grams(text, n)
                whole = sum(counts.values())
                return {g: c / whole * math.log(len(corpus) / max(1, frequencies[n - 1][g])) for g, c in counts.items()}

            def cosine(a: dict, b: dict) -> float:
                norms = math.sqrt(sum(x * x for x in a.values())) * math.sqrt(sum(x * x for x in b.values()))
                return sum(x * b.get(g, 0.0) for g, x in a.items()) / norms if norms else 0.0

            total += sum(cosine(vector(candidate), vector(r)) for r in refs) / len(refs) / 4
        scores.append(10 * total)
    return scores


def meteor(corpus: list[tuple[str, list[str]]]) -> tuple[float, list[float]]:
    jar = pathlib.Path(pycocoevalcap.meteor.meteor.__file__).with_name("meteor-1.5.jar")
    command = ["java", "-jar", "-Xmx2G", str(jar), "-", "-", "-stdio", "-l", "en", "-m", "exact stem"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(line: str) -> None:
        process.stdin.write(line + "\n")
        process.stdin.flush()

    stats = []
    for candidate, refs in corpus:
        ask(" ||| ".join(["SCORE", *refs, candidate]))
        stats.append(process.stdout.readline().strip())
    ask(" ||| ".join(["EVAL", *stats]))
    scores = [float(process.stdout.readline()) for _ in corpus]
    total = float(process.stdout.readline())
    process.stdin.close()
    process.wait()
    return total, scores


def evaluate(corpus: list[tuple[str, list[str]]]) -> dict:
    candidates = {i: [c] for i, (c, _) in enumerate(corpus)}
    references = {i: refs for i, (_, refs) in enumerate(corpus)}

    def coco(scorer, **options) -> dict:
        score, per_image = scorer.compute_score(references, candidates, **options)
        return {"score": score, "perImage": [list(s) for s in per_image] if isinstance(score, list) else list(per_image)}

    # sacreBLEU wants the references by place; an image that has fewer gives None.
    width = max(len(refs) for _, refs in corpus)
    by_place = [[refs[i] if i < len(refs) else None for _, refs in corpus] for i in range(width)]

    def sacre(smoothing: str) -> list[float]:
        scores = []
        for n in range(1, 5):
            bleu = sacrebleu.BLEU(tokenize="none", smooth_method=smoothing, max_ngram_order=n, force=True)
            scores.append(bleu.corpus_score([c for c, _ in corpus], by_place).score / 100)
        return scores

    plain = plain_cider(corpus)
    meteor_score, meteor_scores = meteor(corpus)
    return {
        "candidates": [c for c, _ in corpus],
        "references": [refs for _, refs in corpus],
        "bleu": coco(Bleu(4), verbose=0),
        "rougeL": coco(Rouge()),
        "ciderD": coco(Cider()),
        "cider": {"score": sum(plain) / len(plain), "perImage": plain},
        "meteor": {"score": meteor_score, "perImage": meteor_scores},
        "sacrebleu": {"none": sacre("none"), "exp": sacre("exp")},
    }


def main() -> None:
    unmatched = [(c, refs) for c, refs in made_up(3, 6, 2)]
    unmatched = [(c, unmatched[(i + 1) % 6][1]) for i, (c, _) in enumerate(unmatched)]
    golden = {
        "edge cases": evaluate(EDGE_CASES),
        "made-up captions, 5 references": evaluate(made_up(1, 100, 5)),
        "made-up captions, 1 reference": evaluate(made_up(2, 40, 1)),
        "mismatched captions": evaluate(unmatched),
        "no four words in common": evaluate(
            [("a dog runs on a beach", ["a dog lies on the sand"]), ("two men", ["two men talk here"]), ("", ["nothing"])]
        ),
        "no two words in common": evaluate([("a dog", ["dog and a cat"]), ("men talk", ["talk with men"])]),
        "nothing in common": evaluate([("a dog", ["two men talk"]), ("", ["here it is"])]),
        "one image": evaluate([("a dog runs on grass", ["a dog runs on the grass", "the dog ran"])]),
    }
    path = pathlib.Path(__file__).with_name("metrics.golden.json")
    path.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


main()
