"""Golden values for schedule.test.ts: python make_schedules.py (PyTorch 2.13)."""

import json
from pathlib import Path

import torch
from torch.optim import lr_scheduler

TOTAL = 20
WARMUP = 5


def factors(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    found = []
    for _ in range(TOTAL):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def warmed(after):
    def make(optimizer):
        # Update number WARMUP has the full rate; the decay starts with the next one.
        rise = lr_scheduler.LinearLR(optimizer, 1 / WARMUP, 1.0, WARMUP - 1)
        return lr_scheduler.SequentialLR(optimizer, [rise, after(optimizer)], [WARMUP])

    return make


golden = {
    "totalSteps": TOTAL,
    "warmupSteps": WARMUP,
    "cosine": factors(lambda o: lr_scheduler.CosineAnnealingLR(o, TOTAL, eta_min=0.1)),
    "linear": factors(lambda o: lr_scheduler.LinearLR(o, 1.0, 0.1, TOTAL)),
    "cosine with warm-up": factors(
        warmed(lambda o: lr_scheduler.CosineAnnealingLR(o, TOTAL - WARMUP, eta_min=0.1))
    ),
    "linear with warm-up": factors(
        warmed(lambda o: lr_scheduler.LinearLR(o, 1.0, 0.1, TOTAL - WARMUP))
    ),
}
path = Path(__file__).with_name("schedules.golden.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
