"""Golden values for optimizer.test.ts and gradients.test.ts: python make_optimizers.py (PyTorch 2.13)."""

import json
from pathlib import Path

import torch

torch.manual_seed(1)
STEPS = 6
start = {"kernel": torch.randn(3, 4), "bias": torch.randn(4)}
gradients = [{name: torch.randn_like(value) for name, value in start.items()} for _ in range(STEPS)]
rates = [0.1, 0.1, 0.05, 0.02, 0.02, 0.01]

adam = {"betas": (0.9, 0.999), "eps": 1e-8}
unusual = {"betas": (0.8, 0.95), "eps": 1e-2}
CASES = {
    "adam": (torch.optim.Adam, adam, 0.0),
    "adam with decay": (torch.optim.Adam, adam, 0.1),
    "adam, unusual betas": (torch.optim.Adam, unusual, 0.0),
    "adamw": (torch.optim.AdamW, adam, 0.1),
    "adamw, unusual betas": (torch.optim.AdamW, unusual, 0.02),
    "sgd": (torch.optim.SGD, {}, 0.0),
    "sgd with momentum and decay": (torch.optim.SGD, {"momentum": 0.9}, 0.1),
}


def run(make, options, decay):
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    # Parameters with one axis do not decay.
    groups = [
        {"params": [parameters["kernel"]], "weight_decay": decay},
        {"params": [parameters["bias"]], "weight_decay": 0.0},
    ]
    optimizer = make(groups, lr=1.0, **options)
    trace = []
    for rate, gradient in zip(rates, gradients):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for name, parameter in parameters.items():
            parameter.grad = gradient[name].clone()
        optimizer.step()
        trace.append({name: value.detach().flatten().tolist() for name, value in parameters.items()})
    return trace


def clipped(norm):
    parameters = [torch.nn.Parameter(value.clone()) for value in start.values()]
    for parameter, gradient in zip(parameters, gradients[0].values()):
        parameter.grad = gradient.clone()
    before = torch.nn.utils.clip_grad_norm_(parameters, norm).item()
    after = {name: p.grad.flatten().tolist() for name, p in zip(start, parameters)}
    return {"clipNorm": norm, "norm": before, "gradients": after}


def flat(record):
    return {name: value.flatten().tolist() for name, value in record.items()}


golden = {
    "start": flat(start),
    "rates": rates,
    "gradients": [flat(gradient) for gradient in gradients],
    "weights": {name: run(*case) for name, case in CASES.items()},
    "clipped": [clipped(norm) for norm in (0.5, 100.0)],
}
path = Path(__file__).with_name("optimizers.golden.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
