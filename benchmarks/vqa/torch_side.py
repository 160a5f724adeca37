"""The PyTorch side of main.ts: answers its requests."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import PIL
import torch

folder = Path(__file__).parent
sys.path[:0] = [str(folder.parent / "support"), str(folder), str(folder.parent / "captioner")]
from answering import Answerer  # noqa: E402
from captioning import elapsed  # noqa: E402
from serve import peak_memory, serve  # noqa: E402
from training import Training  # noqa: E402

threads = int(os.environ["OMP_NUM_THREADS"])
torch.set_num_threads(threads)
loaded = {}


def versions():
    return {"versions": [f"PyTorch {torch.__version__}", f"Pillow {PIL.__version__}"]}


def load(model):
    loaded["answerer"] = Answerer(model)
    return {}


def answerer() -> Answerer:
    return loaded["answerer"]


def compare(pixels, questions, logits):
    """A photo for each question. -> the largest difference from the other side's logits, and the answers"""
    size = answerer().encoder.size
    pictures = np.fromfile(pixels, np.uint8).reshape(-1, size, size, 3)
    features = torch.cat([answerer().encoder.encode([picture]) for picture in pictures])
    ours = answerer().score(questions, features, torch.arange(len(questions))).numpy()
    theirs = np.fromfile(logits, np.float32).reshape(ours.shape)
    return {
        "difference": float(np.abs(ours - theirs).max()),
        "largest": float(np.abs(ours).max()),
        "answers": ours.argmax(1).tolist(),
    }


def ask(photo, questions):
    """Milliseconds of each question; that of the first includes reading and encoding the photo."""
    first, *others = questions
    begin = time.perf_counter()
    features = answerer().encode_file(photo)
    answerer().answer([first], features)
    times = [1000 * (time.perf_counter() - begin)]
    for ids in others:
        times.append(elapsed(lambda: answerer().answer([ids], features)))  # noqa: B023
    return {"times": times}


def many_questions(photo, questions, batch):
    return {"seconds": elapsed(lambda: answerer().many_questions(photo, questions, batch)) / 1000}


def many_photos(photos, questions, batch):
    # Measures the memory formats now, not during the run.
    for size in {min(batch, len(photos)), len(photos) % batch} - {0}:
        answerer().encoder.layout(size)
    run = elapsed(lambda: answerer().many_photos(photos, questions, batch, threads))
    return {"seconds": run / 1000}


def train(photosPerBatch, **given):  # noqa: N803
    loaded["training"] = Training(photos_per_batch=photosPerBatch, **given)
    return {"loss": loaded["training"].first_loss()}


def steps(count):
    return {"times": loaded["training"].run(count)}


serve(
    {
        "versions": versions,
        "load": load,
        "compare": compare,
        "ask": ask,
        "manyQuestions": many_questions,
        "manyPhotos": many_photos,
        "train": train,
        "steps": steps,
        "peak": lambda: {"bytes": peak_memory()},
    }
)
