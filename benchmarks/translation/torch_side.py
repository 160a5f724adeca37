"""The PyTorch side of main.ts: answers its requests."""

import json
import os
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from batch import loss_of, to_batch  # noqa: E402
from beam import translate  # noqa: E402
from model import Lstm, Transformer  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from serve import peak_memory, serve  # noqa: E402

try:
    import ctranslate2
except ImportError:
    ctranslate2 = None

threads = int(os.environ["OMP_NUM_THREADS"])
torch.set_num_threads(threads)
state = {}


def versions():
    found = [f"PyTorch {torch.__version__}"]
    return {"versions": found + ([f"CTranslate2 {ctranslate2.__version__}"] if ctranslate2 else [])}


def train(kind, weights, batches, labelSmoothing, special, config, vocabularySize, parameters):  # noqa: N803
    batches = [to_batch(examples, special) for examples in json.loads(Path(batches).read_text())]
    torch.manual_seed(1)
    if kind == "transformer":
        model = Transformer(config, vocabularySize).load(load_file(weights))
        count = sum(parameter.numel() for parameter in model.parameters())
    else:
        model = Lstm(config, vocabularySize)
        count = model.parameter_count()
    state.update(model=model, batches=batches, label_smoothing=labelSmoothing, next=0)
    state["optimizer"] = torch.optim.Adam(model.parameters(), lr=1e-4, betas=(0.9, 0.98), fused=True)
    model.eval()
    with torch.no_grad():
        loss = loss_of(model, batches[0], labelSmoothing).item() if kind == "transformer" else None
    model.train()
    return {"loss": loss, "parameters": count}


def steps(count):
    """Target tokens per second of each step, after an extra one."""
    rates = []
    for _ in range(count + 1):
        begin = time.perf_counter()
        batch = state["batches"][state["next"] % len(state["batches"])]
        state["next"] += 1
        state["optimizer"].zero_grad(set_to_none=True)
        loss = loss_of(state["model"], batch, state["label_smoothing"])
        loss.backward()
        nn.utils.clip_grad_norm_(state["model"].parameters(), 1.0)
        state["optimizer"].step()
        loss.item()
        rates.append(len(batch[4]) / (time.perf_counter() - begin))
    return {"rates": rates[1:]}


def prepare(model, sources, special, out):
    config = json.loads(Path(model, "config.json").read_text())
    network = config["network"]
    tensors = load_file(Path(model, "model.safetensors"))
    made = Transformer(network, tensors["source.table"].shape[0]).load(tensors).eval()
    state.update(model=made, sources=sources, special=special, decoding=config["decoding"])
    if ctranslate2:
        from ctranslate2_model import convert

        folder = str(Path(out, "ctranslate2"))
        convert(made, network, folder)
        state["translator"] = ctranslate2.Translator(folder, "cpu", inter_threads=1, intra_threads=threads)
    return {}


def decode():
    begin = time.perf_counter()
    options = state["decoding"]
    found = translate(
        state["model"], state["sources"], state["special"],
        beam=options["beamWidth"], alpha=options["lengthPenalty"],
    )
    return {"seconds": time.perf_counter() - begin, "translations": found}


def decode_by_ctranslate2():
    begin = time.perf_counter()
    options = state["decoding"]
    found = state["translator"].translate_batch(
        [[str(token) for token in source] for source in state["sources"]],
        beam_size=options["beamWidth"],
        length_penalty=options["lengthPenalty"],
        max_batch_size=64,
        max_decoding_length=200,
    )
    translations = [[int(token) for token in result.hypotheses[0]] for result in found]
    return {"seconds": time.perf_counter() - begin, "translations": translations}


serve(
    {
        "versions": versions,
        "train": train,
        "steps": steps,
        "prepare": prepare,
        "peers": lambda: {"ctranslate2": ctranslate2 is not None},
        "decode": decode,
        "decodeByCtranslate2": decode_by_ctranslate2,
        "peak": lambda: {"bytes": peak_memory()},
    }
)
