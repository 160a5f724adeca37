"""Golden values of all scores and of recurrent attention, from the papers' equations in PyTorch.

python3 make_recurrent_attention.py > recurrent-attention.golden.json

PyTorch 2.13, in double precision. Monotonic attention is computed position by position, as defined,
without the normal noise.
"""

import json

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
ROWS, QUERIES, POSITIONS, SIZE, VALUE, WINDOW = 2, 4, 6, 5, 3, 2
LENGTHS = torch.tensor([6, 3])
MASK = (torch.arange(POSITIONS) < LENGTHS[:, None])[:, None]  # [rows, 1, positions]


def plain(tensor):
    return [round(v, 9) for v in tensor.detach().flatten().tolist()]


queries = torch.randn(ROWS, QUERIES, SIZE)
memory = torch.randn(ROWS, POSITIONS, SIZE)
values = torch.randn(ROWS, POSITIONS, VALUE)
w = {
    "score.query.kernel": torch.randn(SIZE, SIZE),
    "score.memory.kernel": torch.randn(SIZE, SIZE),
    "score.memory.bias": torch.randn(SIZE),
    "score.vector": torch.randn(SIZE, 1),
    "hidden.kernel": torch.randn(SIZE, SIZE),
    "position.kernel": torch.randn(SIZE, 1),
    "coverage": torch.randn(SIZE),
    "offset": torch.tensor([0.3]),
}
q, k = queries @ w["score.query.kernel"], memory @ w["score.memory.kernel"]
biased = k + w["score.memory.bias"]
additive = torch.tanh(q[:, :, None] + biased[:, None]) @ w["score.vector"][:, 0]
SCORES = {
    "dot": q @ k.mT / SIZE**0.5,
    "plain-dot": queries @ memory.mT,
    "general": queries @ k.mT,
    "additive": additive,
}


def softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -torch.inf), -1)


def local(center):
    offset = torch.arange(POSITIONS) - center  # [rows, queries, positions]
    return softmax(additive, MASK & (offset.abs() <= WINDOW)), offset


def local_m():
    steps = torch.arange(QUERIES)[None, :, None]
    return local(torch.minimum(steps, LENGTHS[:, None, None] - 1))[0]


def local_p():
    share = torch.sigmoid(torch.tanh(queries @ w["hidden.kernel"]) @ w["position.kernel"])
    weights, offset = local(LENGTHS[:, None, None] * share)
    return weights * torch.exp(-(offset**2) / (2 * (WINDOW / 2) ** 2))


def coverage():
    covered = torch.zeros(ROWS, POSITIONS)
    found = []
    for t in range(QUERIES):
        keys = biased + covered[..., None] * w["coverage"]
        scores = torch.tanh(q[:, t, None] + keys) @ w["score.vector"][:, 0]
        found.append(softmax(scores, MASK[:, 0]))
        covered = covered + found[-1]
    return torch.stack(found, 1)


def monotonic(hard):
    p = torch.sigmoid(additive + w["offset"]) * MASK
    before = torch.eye(POSITIONS)[0].repeat(ROWS, 1)
    found = torch.zeros(ROWS, QUERIES, POSITIONS)
    for row in range(ROWS):
        for t in range(QUERIES):
            arriving = 0.0
            for j in range(POSITIONS):
                arriving = arriving + before[row, j]
                stop = (p[row, t, j] > 0.5).double() if hard else p[row, t, j]
                found[row, t, j] = stop * arriving
                arriving = (1 - stop) * arriving
            before[row] = found[row, t]
    return found


weights = {name: softmax(scores, MASK) for name, scores in SCORES.items()}
weights |= {"local-m": local_m(), "local-p": local_p(), "coverage": coverage()}
weights |= {"monotonic, expected": monotonic(False), "monotonic, hard": monotonic(True)}

covered = weights["additive"]
step_mask = torch.tensor([[1.0, 1, 1, 0], [1, 1, 1, 1]])
before = torch.cumsum(covered, 1) - covered
loss = (torch.minimum(covered, before).sum(-1) * step_mask).sum() / step_mask.sum()

print(
    json.dumps(
        {
            "queries": plain(queries),
            "memory": plain(memory),
            "values": plain(values),
            "lengths": LENGTHS.tolist(),
            "parameters": {name: plain(value) for name, value in w.items()},
            "cases": {
                name: {"weights": plain(a), "context": plain(a @ values)} for name, a in weights.items()
            },
            "coverageLoss": {"stepMask": plain(step_mask), "value": loss.item()},
        }
    )
)
