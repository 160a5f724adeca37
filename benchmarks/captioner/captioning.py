"""Photos to captions in PyTorch, from a model folder as `attend-caption train` writes it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from beam import beam_search
from decoder import AttentionDecoder
from encoder import EfficientNetLite
from PIL import Image, ImageOps
from safetensors.torch import load_file


def below(weights, prefix):
    return {
        name.removeprefix(prefix): tensor.float()
        for name, tensor in weights.items()
        if name.startswith(prefix)
    }


def read_photo(path, size):
    """-> [size, size, 3] bytes"""
    with Image.open(path) as photo:
        photo.draft("RGB", (2 * size, 2 * size))  # JPEG: decodes a large photo at a reduced size.
        upright = ImageOps.exif_transpose(photo).convert("RGB")
        return np.asarray(upright.resize((size, size), Image.Resampling.BICUBIC))


class PhotoEncoder:
    """Photos to feature maps, with the faster memory format for each batch size."""

    def __init__(self, weights, variant, size):
        self.size = size
        self.encoders = {
            layout: EfficientNetLite(weights, variant).eval().to(memory_format=layout)
            for layout in (torch.contiguous_format, torch.channels_last)
        }
        self.fastest = {}

    def read(self, path):
        return read_photo(path, self.size)

    @torch.inference_mode()
    def encode(self, pictures):
        """List of [size, size, 3] bytes -> [photos, positions, channels]"""
        images = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)  # already channels_last
        layout = self.layout(len(pictures))
        return self.encoders[layout]((images.float() - 127).div_(128).contiguous(memory_format=layout))

    @torch.inference_mode()
    def layout(self, batch):
        """The faster memory format of the encoder for this batch size, measured once."""
        if batch not in self.fastest:
            times = {}
            for layout, encoder in self.encoders.items():
                images = torch.rand(batch, 3, self.size, self.size).contiguous(memory_format=layout)
                encoder(images)
                times[layout] = min(elapsed(lambda: encoder(images)) for _ in range(3))
            self.fastest[batch] = min(times, key=times.get)
        return self.fastest[batch]


class Captioner(PhotoEncoder):
    @torch.inference_mode()
    def __init__(self, folder):
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        self.words = json.loads((folder / "vocabulary.json").read_text())["tokens"]
        weights = load_file(folder / "model.safetensors")
        encoder = config["encoder"]
        super().__init__(below(weights, "encoder."), encoder["variant"], encoder["imageSize"])
        self.decoding = config["decoding"]
        decoder = AttentionDecoder(config["decoder"], len(self.words))
        self.decoder = decoder.load(below(weights, "decoder.")).eval()

    @torch.inference_mode()
    def caption(self, pictures, or_greedy=False):
        """-> for each image (words, log-probability)

        With `or_greedy` what greedy search finds where that scores higher: our beam search carries it along.
        """
        decoding = self.decoding
        features = self.encode(pictures)
        length, penalty = decoding["maxLength"], decoding["lengthPenalty"]
        found = beam_search(self.decoder, features, decoding["beamWidth"], length, penalty)
        if or_greedy:

            def score(caption):
                ids, probability = caption
                return probability / ((5 + min(len(ids) + 1, length)) / 6) ** penalty

            greedy = beam_search(self.decoder, features, 1, length, 0)
            found = [max(pair, key=score) for pair in zip(found, greedy)]
        return [([self.words[id] for id in ids], probability) for ids, probability in found]

    def caption_folder(self, files, batch, threads):
        """Threads decode the next batch at the same time."""
        batches = [files[i : i + batch] for i in range(0, len(files), batch)]
        captions = []
        with ThreadPoolExecutor(threads) as pool:
            pending = [pool.submit(self.read, file) for file in batches[0]]
            for following in [*batches[1:], []]:
                pictures = [photo.result() for photo in pending]
                pending = [pool.submit(self.read, file) for file in following]
                captions += self.caption(pictures)
        return captions

    @torch.inference_mode()
    def logits(self, pictures, tokens):
        """Teacher forcing, `tokens` [photos, steps] -> [photos, steps, vocabulary]"""
        state = self.decoder.start(self.encode(pictures))
        return self.decoder.project(self.decoder.features(torch.tensor(tokens), state))


def elapsed(run):
    """Milliseconds."""
    begin = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - begin)
