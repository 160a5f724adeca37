"""Trains the Transformer of model.py on task.json like `attend-translate train`, and translates its sources."""

import hashlib
import json
import math
import os
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent))
from batch import loss_of, to_batch  # noqa: E402
from beam import translate  # noqa: E402
from model import Transformer  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
out = Path(sys.argv[1])
text = (out / "task.json").read_text()
task, digest = json.loads(text), hashlib.sha256(text.encode()).hexdigest()
training, examples = task["training"], task["examples"]
steps = [batch for epoch in task["plan"] for batch in epoch]
checkpoint = out / "checkpoint.pt"


def rate_at(step):
    """Warm-up, then half a cosine wave; `step` starts at 0."""
    schedule, peak = training["schedule"], training["optimizer"]["learningRate"]
    assert schedule["name"] == "cosine"
    warm, least = schedule["warmupSteps"], schedule["minLearningRateRatio"]
    if step < warm:
        return peak * (step + 1) / warm
    share = (step - warm) / max(len(steps) - warm, 1)
    return peak * (least + (1 - least) * 0.5 * (1 + math.cos(math.pi * share)))


def save(model, adam, mean, step):
    part = checkpoint.with_suffix(".part")
    parts = {"model": model.state_dict(), "adam": adam.state_dict(), "mean": mean, "step": step, "digest": digest}
    torch.save(parts, part)
    part.replace(checkpoint)


def train():
    torch.manual_seed(training["seed"])
    model = Transformer(task["network"], task["vocabularySize"]).load(load_file(out / "first.safetensors"))
    mean = {name: value.clone() for name, value in model.state_dict().items()}
    adam = torch.optim.Adam(model.parameters(), betas=(0.9, training["optimizer"]["beta2"]), fused=True)
    begin = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        if saved["digest"] != digest:
            sys.exit(f"{checkpoint} is of another training; remove it, or name another folder by --out")
        model.load_state_dict(saved["model"])
        adam.load_state_dict(saved["adam"])
        mean, begin = saved["mean"], saved["step"]
    decay, every = training["ema"]["decay"], training["ema"]["every"]
    started = time.perf_counter()
    for step in range(begin, len(steps)):
        for group in adam.param_groups:
            group["lr"] = rate_at(step)
        adam.zero_grad(set_to_none=True)
        batch = to_batch([examples[i] for i in steps[step]], task["special"])
        loss = loss_of(model, batch, task["labelSmoothing"])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training["clipNorm"])
        adam.step()
        done = step + 1
        if done % every == 0:
            # Applied every few steps, as strongly as if at each one, and less at the start.
            share = min(decay, (1 + done) / (10 + done)) ** every
            for name, value in model.state_dict().items():
                mean[name].lerp_(value, 1 - share)
        if done % 200 == 0:
            left = (time.perf_counter() - started) / (done - begin) * (len(steps) - done) / 60
            print(f"PyTorch: {done}/{len(steps)} steps, {left:.1f} min left, loss {loss.item():.3f}", file=sys.stderr)
            save(model, adam, mean, done)
    save(model, adam, mean, len(steps))
    model.load_state_dict(mean)
    return model.eval()


options = task["decoding"]
found = translate(
    train(), task["sources"], task["special"], beam=options["beamWidth"], alpha=options["lengthPenalty"]
)
(out / "translations.json").write_text(json.dumps(found))
