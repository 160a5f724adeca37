"""Writes vqa.golden.json: normalized answers, consensus accuracies and scores of answer sets.

Needs: pip download --no-deps salesforce-lavis==1.0.2, the wheel as argument. It contains the official VQA
evaluation (GT-Vision-Lab/VQA, vqaEval.py; Copyright (c) 2014 Aishwarya Agrawal, BSD 2-clause) for Python 3, of
which the functions that normalize are used. Its `evaluate` predates the official correction of March 2021, so
`consensus` below follows the corrected one. `answer_set` follows Malinowski & Fritz 2014, equation 2.
"""

import json
import pathlib
import random
import sys
import types
import warnings
import zipfile
from math import prod

AWKWARD = [
    "", " ", "a", "The", "a the an", "None", "none of the above", "ten", "eleven", "TEN two-three", "zero zero",
    "yes!", "Yes.", " no ", "no\n", "yes\tno", "\ttabs and\nlines\n", "2,000", "2,000 people!", "1, 2, 3", "1,2,3",
    "red,white", "red, white and blue", "red ,white", "black/white", "black / white", "black& white", "6:10",
    "6 :10", "5:30 p.m.", "U.S.A.", "3.5", "3.", ".5", "v2.0.", "a.b.c", "...", "." * 40, ".1" + "." * 35 + "2",
    "dont", "don't", "Dont", "shes", "she's", "somebody'd", "somebodyd", "let's", "lets", "Im", "Ive", "i'dve",
    "ow's'at", "'ows'at", "'ow'sat", "yall'd've", "y'alld've", "y'all'dve", "yalldve", "couldntve", "couldnt've",
    "oclock", "8 oclock", "8 o'clock", "t-shirt", "t - shirt", "t -shirt", "t- shirt", "(left)", "[right]", "{x}",
    "\"stop\"", "stop \"now\"", "what?", "what? why", "`tick`", "a@b.com", "@home", "x=1+2", "snake_case", "<b>",
    "back\\slash", "semi;colon", "#1", "50%", "$5.00", "it's 5'4\"", "café", "ÉCOLE", "İstanbul", "ΟΔΟΣ", "ẞ",
    "no\u00a0break", "zero\u200bwidth", "\ufeffbom", "unit\u001fseparator", "next\u0085line", "line\u2028end",
    "\u0663,\u0664", "3.\u0663", "猫", "one\u3000two", "an apple, a pear", "two,three", "the theater", "ones",
    "nine-ten", "won't", "wont", "cant", "cannot", "theyre", "they'dve", "whos", "who'd've", "'twas", "twas",
]  # fmt: skip
PIECES = [
    "a", "an", "The", "one", "two", "none", "Ten", "dont", "she's", "yall'll", "dog", "Cat", "red", "2,000", "3.5",
    "1", ".", ",", "!", "?", "-", "/", "'", "\"", ";", ":", "(", ")", "_", " ", "  ", "\n", "\t", "U.S.", "é",
]  # fmt: skip
ANSWERS = ["yes", "no", "Yes.", "2", "two", "red", "a red", "red, white", "t-shirt", "t shirt", "dont", "don't", ""]
ANSWER_TYPES = ["yes/no", "number", "other"]
QUESTION_TYPES = ["what color is the", "is the", "how many", "none of the above"]


def load_official(wheel: str):
    source = zipfile.ZipFile(wheel).read("lavis/common/vqa_tools/vqa_eval.py")
    module = types.ModuleType("vqa_eval")
    warnings.simplefilter("ignore")
    exec(compile(source, "vqa_eval.py", "exec"), module.__dict__)
    data = types.SimpleNamespace(getQuesIds=lambda: [])
    return module.VQAEval(data, data)


def trim(answer: str) -> str:
    return answer.replace("\n", " ").replace("\t", " ").strip()


def consensus(normalize, answer: str, people: list[str]) -> float:
    people = [trim(each) for each in people]
    answer = trim(answer)
    if len(set(people)) > 1:
        people = [normalize(each) for each in people]
        answer = normalize(answer)
    scores = []
    for left_out in range(len(people)):
        others = people[:left_out] + people[left_out + 1 :]
        scores.append(min(1, others.count(answer) / 3))
    return sum(scores) / len(scores)


def answer_set(answer: str, expected: str) -> float:
    given = [item.strip() for item in answer.split(",")]
    right = [item.strip() for item in expected.split(",")]
    return min(float(prod(a in right for a in given)), float(prod(t in given for t in right)))


def mean_by(types_: list[str], scores: list[float]) -> dict:
    groups: dict = {}
    for kind, score in zip(types_, scores):
        groups.setdefault(kind, []).append(score)
    return {kind: {"score": sum(each) / len(each), "questions": len(each)} for kind, each in groups.items()}


def main() -> None:
    official = load_official(sys.argv[1])

    def normalize(answer: str) -> str:
        return official.processDigitArticle(official.processPunctuation(trim(answer)))

    rng = random.Random(1)
    lines = AWKWARD + ["".join(rng.choices(PIECES, k=rng.randint(1, 9))) for _ in range(600)]

    def people(count: int) -> list[str]:
        few = rng.sample(ANSWERS, rng.randint(1, 4)) + ([rng.choice(AWKWARD)] if rng.random() < 0.2 else [])
        return [rng.choice(few) for _ in range(count)]

    questions = []
    for _ in range(400):
        answers = people(rng.choice([10, 10, 10, 10, 2, 3, 5]))
        answer = rng.choice(answers) if rng.random() < 0.7 else rng.choice(ANSWERS)
        questions.append(
            {
                "answer": answer if rng.random() < 0.8 else f" {answer.upper()}\n",
                "answers": answers,
                "answerType": rng.choice(ANSWER_TYPES),
                "questionType": rng.choice(QUESTION_TYPES),
            }
        )
    scores = [consensus(normalize, each["answer"], each["answers"]) for each in questions]

    items = ["chair", "table", "night_stand", "2", ""]
    sets = [[", ".join(rng.choices(items, k=rng.randint(1, 3))) for _ in range(2)] for _ in range(100)]
    sets += [["a,b", "b , a"], ["a,a", "a"], ["a", "a,b"], ["", ""], ["", "a"], ["A", "a"], [" a\t", "a"], [",", ""]]
    golden = {
        "normalized": [[line, normalize(line)] for line in lines],
        "questions": questions,
        "perQuestion": scores,
        "score": sum(scores) / len(scores),
        "byAnswerType": mean_by([each["answerType"] for each in questions], scores),
        "byQuestionType": mean_by([each["questionType"] for each in questions], scores),
        "sets": [[*pair, answer_set(*pair)] for pair in sets],
    }
    path = pathlib.Path(__file__).with_name("vqa.golden.json")
    path.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


main()
