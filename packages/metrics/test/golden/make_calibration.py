"""Writes calibration.golden.json: calibration errors by torchmetrics, temperatures by PyTorch's L-BFGS.

Needs: pip install torch==2.13.0 torchmetrics==1.8.2. The answers and logits are generated.
"""

import json
import pathlib

import torch
from torchmetrics.functional.classification import binary_calibration_error

torch.manual_seed(1)
BINS = [1, 2, 10, 15]


def calibration(answers: int, sharpness: float) -> dict:
    # Rounded, so that the file is small. None is at the edge of a bin, which torchmetrics assigns otherwise.
    probabilities = torch.round(torch.rand(answers, dtype=torch.float64) ** sharpness * 9973) / 10007 + 1e-3
    # Too confident in some bins, not enough in others.
    right = 0.5 + 0.4 * torch.sin(9 * probabilities)
    correct = torch.rand(answers, dtype=torch.float64) < right
    errors = [binary_calibration_error(probabilities, correct.long(), n_bins=bins, norm="l1").item() for bins in BINS]
    return {"probabilities": probabilities.tolist(), "correct": correct.tolist(), "errors": dict(zip(BINS, errors))}


def temperature(answers: int, classes: int, true: float) -> dict:
    logits = torch.round(torch.randn(answers, classes, dtype=torch.float64) * 3, decimals=4)
    labels = torch.multinomial(torch.softmax(logits / true, dim=1), 1).squeeze(1)
    inverse = torch.ones((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [inverse], max_iter=500, tolerance_grad=1e-14, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(logits * inverse, labels)
        value.backward()
        return value

    optimizer.step(loss)
    return {"logits": logits.tolist(), "labels": labels.tolist(), "temperature": 1 / inverse.item()}


golden = {
    "calibration": [calibration(1, 1), calibration(20, 1), calibration(300, 0.5), calibration(300, 3)],
    "temperature": [
        temperature(300, 4, 1.0),
        temperature(300, 4, 0.3),
        temperature(200, 2, 2.5),
        temperature(100, 12, 8.0),
        temperature(60, 5, 1.7),
    ],
}
path = pathlib.Path(__file__).with_name("calibration.golden.json")
path.write_text(json.dumps(golden) + "\n")
