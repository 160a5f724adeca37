"""A FAQ by PyTorch or onnxruntime: the pair whose question, answer and both joined are nearest by the sum of their cosines."""

import sys
import time
from pathlib import Path

import numpy as np

beside = Path(__file__).parent.parent
sys.path[:0] = [str(beside / "support"), str(beside / "sentences")]
from encoder import load_encoder  # noqa: E402
from serve import serve  # noqa: E402

encode, name = load_encoder(*sys.argv[1:3])
random = np.random.default_rng(1)
faq = []


def fill(pairs):
    """Stands in for what was taught: as many random vectors."""
    vectors = [random.standard_normal((len(pairs), 384), np.float32) for _ in range(3)]
    faq[:] = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in vectors]
    return {}


def teach(pairs):
    begin = time.perf_counter()
    questions = [pair["questions"][0] for pair in pairs]
    answers = [pair["answer"] for pair in pairs]
    joined = [f"{question} {answer}" for question, answer in zip(questions, answers)]
    faq[:] = [encode(texts) for texts in (questions, joined, answers)]
    return {"seconds": time.perf_counter() - begin}


def ask(texts):
    times = []
    for text in texts:
        begin, before = time.perf_counter(), time.process_time()
        vector = encode([text])[0]
        int(np.argmax(sum(each @ vector for each in faq)))
        wall, processor = time.perf_counter() - begin, time.process_time() - before
        times.append({"wall": 1000 * wall, "processor": 1000 * processor})
    return {"times": times}


serve({"version": lambda: {"version": name}, "fill": fill, "teach": teach, "ask": ask})
