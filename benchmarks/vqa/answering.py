"""Questions about photos, answered in PyTorch, from a model folder as `attend-vqa train` writes it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from captioning import PhotoEncoder, below
from safetensors.torch import load_file
from stacked import StackedAnswerer, padded


def read_model(folder):
    """-> config, weights, the number of answers"""
    folder = Path(folder)
    config = json.loads((folder / "config.json").read_text())
    answers = json.loads((folder / "vocabulary.json").read_text())["answers"]
    return config, below(load_file(folder / "model.safetensors"), ""), len(answers)


class Answerer:
    @torch.inference_mode()
    def __init__(self, folder):
        config, weights, answers = read_model(folder)
        variant = config["encoder"]["variant"]
        self.encoder = PhotoEncoder(below(weights, "encoder."), variant, config["imageSize"])
        self.model = StackedAnswerer(config, answers).load(weights).eval()

    @torch.inference_mode()
    def score(self, questions, features, owners=None):
        return self.model(*padded(questions), features, owners)

    def answer(self, questions, features, owners=None):
        """-> for each question the best answer and its probability"""
        best = self.score(questions, features, owners).softmax(-1).max(-1)
        return list(zip(best.indices.tolist(), best.values.tolist()))

    def encode_file(self, photo):
        return self.encoder.encode([self.encoder.read(photo)])

    def many_questions(self, photo, questions, batch):
        """All questions about one photo, which is read and encoded once."""
        features = self.encode_file(photo)
        batches = [questions[i : i + batch] for i in range(0, len(questions), batch)]
        return [answer for each in batches for answer in self.answer(each, features)]

    def many_photos(self, photos, questions, batch, threads):
        """A question about each photo. Threads decode the next photos at the same time."""
        starts = range(0, len(photos), batch)
        answers = []
        with ThreadPoolExecutor(threads) as pool:
            read = [pool.submit(self.encoder.read, photo) for photo in photos[:batch]]
            for start in starts:
                pictures = [photo.result() for photo in read]
                following = photos[start + batch : start + 2 * batch]
                read = [pool.submit(self.encoder.read, photo) for photo in following]
                owners = torch.arange(len(pictures))
                asked = questions[start : start + batch]
                answers += self.answer(asked, self.encoder.encode(pictures), owners)
        return answers
