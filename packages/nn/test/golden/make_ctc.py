"""Golden values of CTC: losses and gradients of torch.nn.functional.ctc_loss, in double precision.

python3 make_ctc.py > ctc.golden.json
"""

import json

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def plain(tensor):
    return [round(v, 7) for v in tensor.detach().flatten().tolist()]


def case(labels, lengths, steps, classes, blank):
    logits = (2 * torch.randn(len(labels), steps, classes)).requires_grad_()
    weights = torch.randn(len(labels))
    losses = torch.nn.functional.ctc_loss(
        logits.log_softmax(-1).transpose(0, 1),
        torch.tensor([label for each in labels for label in each], dtype=torch.long),
        torch.tensor(lengths),
        torch.tensor([len(each) for each in labels]),
        blank=blank,
        reduction="none",
    )
    (losses * weights).sum().backward()
    return {
        "labels": labels,
        "lengths": lengths,
        "shape": list(logits.shape),
        "blank": blank,
        "logits": plain(logits),
        "weights": plain(weights),
        "losses": plain(losses),
        "gradient": plain(logits.grad),
    }


cases = [
    case([[1, 2, 2, 3], [3], [2, 2, 2]], [8, 3, 5], 8, 5, 0),
    case([[0, 1, 0], [], [1, 1]], [6, 6, 4], 6, 4, 3),
    case([[1 + i % 9 for i in range(20)]], [60], 60, 10, 0),
]
print(json.dumps(cases))
