"""Golden values for layers.test.ts and losses.test.ts: python make_layers.py (PyTorch 2.13)."""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

torch.manual_seed(2)


def flat(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def layer(forward, **inputs):
    """The output, and the gradients of its randomly weighted sum."""
    for value in inputs.values():
        if value.is_floating_point():
            value.requires_grad_()
    output = forward(**inputs)
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    gradients = {name: flat(value.grad) for name, value in inputs.items() if value.requires_grad}
    return {
        "inputs": {name: flat(value) for name, value in inputs.items()},
        "output": flat(output),
        "weights": flat(weights),
        "gradients": gradients,
    }


def cross_entropy(rows, classes, smoothing, scale):
    # One loss per row, as in crossEntropy.
    logits = scale * torch.randn(rows, classes)
    targets = torch.randint(classes, (rows,))
    targets[0], targets[1] = 0, classes - 1
    return {
        "labelSmoothing": smoothing,
        "targets": targets.tolist(),
        **layer(
            lambda logits: F.cross_entropy(
                logits, targets, reduction="none", label_smoothing=smoothing
            ),
            logits=logits,
        ),
    }


golden = {
    "linear": layer(
        lambda input, kernel, bias: input @ kernel + bias,
        input=torch.randn(2, 3, 4),
        kernel=torch.randn(4, 5),
        bias=torch.randn(5),
    ),
    "embedding": layer(
        lambda ids, table: F.embedding(ids, table),
        # Repeated rows: their gradients add up.
        ids=torch.tensor([[1, 0, 1], [5, 1, 5]]),
        table=torch.randn(6, 3),
    ),
    "layerNorm": layer(
        lambda input, scale, offset: F.layer_norm(input, (6,), scale, offset),
        input=3 + 2 * torch.randn(2, 3, 6),
        scale=torch.randn(6),
        offset=torch.randn(6),
    ),
    "crossEntropy": [
        cross_entropy(4, 7, 0.0, 1.0),
        cross_entropy(4, 7, 0.1, 1.0),
        # Logits so far apart that a naive softmax would be 0 or overflow.
        cross_entropy(3, 5, 0.1, 200.0),
    ],
}
path = Path(__file__).with_name("layers.golden.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
