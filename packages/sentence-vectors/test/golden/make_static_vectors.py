"""Golden values: the static vectors of models/sentences-en by NumPy, with a tokenizer of its own.

pip install numpy==2.4.6 safetensors==0.8.0
python3 make_static_vectors.py > static-vectors.golden.json
"""

import json
import pathlib
import re
import unicodedata

import numpy as np
from safetensors.numpy import load_file

folder = pathlib.Path(__file__).parents[4] / "models/sentences-en"
ids = json.loads((folder / "vocabulary.json").read_text())["model"]["vocab"]
table = load_file(folder / "model.safetensors")["table.table"].astype(np.float64)


def pieces(word):
    """The longest pieces from left to right."""
    found = []
    while word:
        prefix = "##" if found else ""
        length = next((n for n in range(len(word), 0, -1) if prefix + word[:n] in ids), None)
        if length is None:
            return ["[UNK]"]
        found.append(prefix + word[:length])
        word = word[length:]
    return found


def encode(text):
    plain = unicodedata.normalize("NFD", text.lower())
    words = re.findall(r"[^\W_]+|[^\w\s]", "".join(c for c in plain if not unicodedata.combining(c)))
    inner = [piece for word in words for piece in pieces(word)][:254]
    mean = table[[ids[token] for token in ["[CLS]", *inner, "[SEP]"]]].mean(0)
    return mean / np.linalg.norm(mean)


TEXTS = [
    "How do I reset my password?",
    "I forgot my login and cannot get in.",
    "When does the shop open on Sundays?",
    "Café or thé, unbelievably!",
    "Привет",
    "",
    "word " * 400,
]
vectors = [[round(x, 6) for x in encode(text).tolist()] for text in TEXTS]
print(json.dumps([{"text": text, "vector": vector} for text, vector in zip(TEXTS, vectors)], ensure_ascii=False))
