"""Writes English captions for a translator to learn from its own translations of them (see models/translator-en-de).

    pnpm --filter @attend/benchmarks translation-captions $ATTEND_DATA OUT

OUT/flickr8k.en has Flickr8k's captions, without those that Multi30k has already, and without photos of Multi30k's val and
test_2016_flickr and of Flickr8k's dev. OUT/coco.en has 11,361 of coco8k's and coco6k's training photos.
"""
import csv
import gzip
import os
import random
import re
import sys
from pathlib import Path

called_from = Path(os.environ.get("INIT_CWD", ""))
data, out = (called_from / path for path in sys.argv[1:])
multi30k = data / "multi30k"


def lines(path):
    opened = gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8")
    with opened as file:
        return [line.rstrip("\n") for line in file]


def captions(folder):
    with (data / folder / "captions.csv").open(encoding="utf8") as file:
        for image, caption in list(csv.reader(file))[1:]:
            yield Path(image).stem, re.sub(r"\s+", " ", caption).strip()


def tidy(caption):
    return re.sub(r"\s+([.,!?;])", r"\1", caption)


def key(caption):
    return caption.lower().rstrip(". ")


def number(image):
    return re.match(r"\d+", image).group()


held_out = {number(i) for part in ("val", "test_2016_flickr") for i in lines(multi30k / f"{part}.images.txt")}
held_out |= {number(i) for i in lines(data / "flickr8k" / "dev.txt")}
seen = {key(line) for part in ("train", "val", "test_2016_flickr") for line in lines(multi30k / f"{part}.en.gz")}
flickr8k = []
for image, caption in captions("flickr8k"):
    if number(image) in held_out or key(caption) in seen or not 15 <= len(caption) <= 160:
        continue
    seen.add(key(caption))
    flickr8k.append(tidy(caption))

coco, seen = [], set()
for folder in ("coco8k", "coco6k"):
    train = {Path(image).stem for image in lines(data / folder / "train.txt")}
    for image, caption in captions(folder):
        caption = tidy(caption)
        if caption and caption[-1] not in ".!?":
            caption += "."
        if image not in train or not 20 <= len(caption) <= 140 or caption.lower() in seen:
            continue
        seen.add(caption.lower())
        coco.append(caption[0].upper() + caption[1:])
random.Random(1).shuffle(coco)

out.mkdir(parents=True, exist_ok=True)
for name, chosen in (("flickr8k", flickr8k), ("coco", coco[:11361])):
    (out / f"{name}.en").write_text("\n".join(chosen) + "\n", encoding="utf8")
    print(f"{name}: {len(chosen)} captions")
