"""Phrase-based statistical translation (Koehn et al. 2003) with NLTK, for compare.ts: answers its requests."""

import pickle
import platform
import re
import signal
import sys
import time
from collections import Counter, defaultdict
from math import exp
from pathlib import Path

import nltk
from nltk.translate import PhraseTable, StackDecoder

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from phrase_model import LONGEST_PHRASE, LanguageModel, align, count_phrases, phrase_table  # noqa: E402
from serve import serve  # noqa: E402

signal.signal(signal.SIGINT, signal.SIG_DFL)  # compare.ts reports Ctrl-C.
END = "</s>"
state = {}


def say(line):
    print(f"statistical: {line}", flush=True)


def progress_of(total, what):
    begin = last = time.monotonic()

    def progress(done):
        nonlocal last
        now = time.monotonic()
        if now - last > 10 or (done == total and now - begin > 10):
            last = now
            say(f"{done}/{total} {what}, {(now - begin) / done * (total - done) / 60:.1f} minutes left")

    return progress


def tokens_of(text):
    """The end is a word, too: the decoder does not report it to the language model."""
    return [*re.findall(r"\w+(?:['’-]\w+)*|[^\w\s]", text.lower()), END]


def learn_case(texts):
    """The most frequent spelling of each word, except at the start of a sentence."""
    forms = defaultdict(Counter)
    for text in texts:
        for word in re.findall(r"\w+(?:['’-]\w+)*", text)[1:]:
            forms[word.lower()][word] += 1
    return {word: found.most_common(1)[0][0] for word, found in forms.items()}


def to_text(words, case):
    text = " ".join(case.get(word, word) for word in words if word != END)
    text = re.sub(r" ([.,;:!?)])", r"\1", text).replace("( ", "(")
    return text[:1].upper() + text[1:]


def train(pairs, iterations, out):
    begin = time.monotonic()
    tokens = [(tokens_of(source), tokens_of(target)) for source, target in pairs]
    # Alignments of long sentences are expensive and mostly wrong.
    tokens = [(source, target) for source, target in tokens if max(len(source), len(target)) <= 50]
    alignments, to_target, to_source = align(tokens, iterations, say)
    counts = count_phrases(tokens, alignments, progress_of(len(tokens), "pairs searched for phrases"))
    table = phrase_table(counts, to_target, to_source)
    model = LanguageModel([target for _, target in tokens], table)
    found = {"model": model, "case": learn_case([target for _, target in pairs])}
    seconds = time.monotonic() - begin
    Path(out).write_bytes(pickle.dumps(found))
    return {"seconds": seconds, "phrases": sum(len(each) for each in table.src_phrases.values())}


def load(path):
    state.update(pickle.loads(Path(path).read_bytes()))
    return {}


def translate(lines, stack, threshold, distortion, longer):
    """`distortion`: the cost of each word jumped over; `longer`: the bonus for each word of the translation."""
    model, case = state["model"], state["case"]
    known = model.table.src_phrases
    progress = progress_of(len(lines), "sentences translated")
    begin = time.monotonic()
    said = []
    for i, line in enumerate(lines):
        words = tuple(tokens_of(line))
        table = PhraseTable()
        spans = [words[a:b] for a in range(len(words)) for b in range(a + 1, a + 1 + LONGEST_PHRASE)]
        table.src_phrases = {phrase: known[phrase] for phrase in spans if phrase in known}
        for word in words:
            if (word,) not in table:
                table.add((word,), (word,), -1.0)  # Probably a name.
        model.table = table
        decoder = StackDecoder(table, model)
        decoder.stack_size = stack
        decoder.beam_threshold = threshold
        decoder.distortion_factor = exp(-distortion)
        decoder.word_penalty = -longer
        said.append(to_text(decoder.translate(words), case))
        progress(i + 1)
    model.table = PhraseTable()
    model.table.src_phrases = known
    return {"seconds": time.monotonic() - begin, "translations": said}


serve(
    {
        "versions": lambda: {"versions": [f"NLTK {nltk.__version__}", f"Python {platform.python_version()}"]},
        "train": train,
        "load": load,
        "translate": translate,
    }
)
