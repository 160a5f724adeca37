"""The PyTorch side of main.ts: answers its requests."""

import os
import sys
from pathlib import Path
from statistics import median

import numpy as np
import PIL
import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from captioning import Captioner, below, elapsed  # noqa: E402
from beam import beam_search  # noqa: E402
from PIL import Image, ImageEnhance  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from serve import peak_memory, serve  # noqa: E402
from training import Training  # noqa: E402

threads = int(os.environ["OMP_NUM_THREADS"])
torch.set_num_threads(threads)
loaded = {}


def versions():
    return {"versions": [f"PyTorch {torch.__version__}", f"Pillow {PIL.__version__}"]}


def load(model):
    loaded["captioner"] = Captioner(model)
    return {}


def captioner() -> Captioner:
    return loaded["captioner"]


def answers(captions):
    return [{"tokens": tokens, "logProbability": probability} for tokens, probability in captions]


def caption(photos):
    """Captions one photo after another, and returns the milliseconds of each."""
    results = [{} for _ in photos]
    for photo, result in zip(photos, results):

        def run():
            result["captions"] = captioner().caption([captioner().read(photo)])

        result["ms"] = elapsed(run)
    return {
        "captions": answers([result["captions"][0] for result in results]),
        "times": [result["ms"] for result in results],
    }


def read_pixels(file):
    size = captioner().size
    return list(np.fromfile(file, np.uint8).reshape(-1, size, size, 3))


def caption_pixels(pixels):
    captions = [captioner().caption([picture], or_greedy=True)[0] for picture in read_pixels(pixels)]
    return {"captions": answers(captions)}


def compare_logits(pixels, tokens, logits):
    """The largest difference from the other side's float32 logits in the file."""
    ours = captioner().logits(read_pixels(pixels), tokens).numpy()
    theirs = np.fromfile(logits, np.float32).reshape(ours.shape)
    return {"difference": float(np.abs(ours - theirs).max()), "largest": float(np.abs(ours).max())}


def stages(photo, repeats):
    """Median milliseconds of each part of captioning a photo."""
    picture = captioner().read(photo)
    with torch.inference_mode():
        features = captioner().encode([picture])
        parts = {
            "decode": lambda: captioner().read(photo),
            "encode": lambda: captioner().encode([picture]),
            "beam": lambda: beam_search(
                captioner().decoder,
                features,
                captioner().decoding["beamWidth"],
                captioner().decoding["maxLength"],
                captioner().decoding["lengthPenalty"],
            ),
        }
        return {
            name: median([elapsed(run) for _ in range(repeats + 2)][2:]) for name, run in parts.items()
        }


def folder(photos, batch):
    # Measures the memory formats now, not during the run.
    sizes = {min(batch, len(photos)), len(photos) % batch} - {0}
    for size in sizes:
        captioner().layout(size)
    return {"seconds": elapsed(lambda: captioner().caption_folder(photos, batch, threads)) / 1000}


def vary_photos(photos, count, out):
    """Writes `count` JPEGs of 500 x 375, each a crop of one of the photos with different lighting."""
    random = np.random.default_rng(1)
    files = []
    for i in range(count):
        with Image.open(photos[i % len(photos)]) as photo:
            width, height = photo.size
            left, top = random.uniform(0, 0.2) * width, random.uniform(0, 0.2) * height
            part = (left, top, left + 0.8 * width, top + 0.8 * height)
            crop = photo.convert("RGB").resize((500, 375), Image.Resampling.BICUBIC, part)
        files.append(f"{out}/{i}.jpg")
        ImageEnhance.Brightness(crop).enhance(random.uniform(0.7, 1.3)).save(files[-1], quality=90)
    return {"photos": files}


def train(weights, photosPerBatch, **given):  # noqa: N803
    weights = below(load_file(weights), "")
    training = Training(weights=weights, photos_per_batch=photosPerBatch, **given)
    loaded["training"] = training
    return {"loss": training.first_loss()}


def steps(count):
    return {"times": loaded["training"].run(count)}


serve(
    {
        "versions": versions,
        "load": load,
        "caption": caption,
        "captionPixels": caption_pixels,
        "compareLogits": compare_logits,
        "stages": stages,
        "folder": folder,
        "varyPhotos": vary_photos,
        "train": train,
        "steps": steps,
        "peak": lambda: {"bytes": peak_memory()},
    }
)
