"""Golden values of the score functions with masks and of the doubly stochastic penalty, from PyTorch.

python3 make_attention.py > attention.golden.json
"""

import json

import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
BATCH, QUERIES, POSITIONS, QUERY, MEMORY, SIZE, VALUE = 2, 3, 5, 4, 6, 8, 7


def plain(tensor):
    return [round(v, 9) for v in tensor.detach().flatten().tolist()]


query = torch.randn(BATCH, QUERIES, QUERY)
memory = torch.randn(BATCH, POSITIONS, MEMORY)
values = torch.randn(BATCH, POSITIONS, VALUE)
shared_mask = torch.tensor([[1, 1, 1, 0, 0], [1, 0, 1, 1, 1]])
full_mask = torch.rand(BATCH, QUERIES, POSITIONS) < 0.6
full_mask[:, :, 2] = True
masks = {"none": None, "shared": shared_mask[:, None, :].bool(), "full": full_mask}

w_query = nn.Linear(QUERY, SIZE, bias=False)
w_memory = nn.Linear(MEMORY, SIZE)
vector = torch.randn(SIZE)

q, k = w_query(query), w_memory(memory)
plain_k = k - w_memory.bias
logits = {
    "dot": None,
    "additive": torch.tanh(q[:, :, None, :] + k[:, None, :, :]) @ vector,
}


def attended(name, mask):
    if name == "dot":
        # PyTorch's own scaled dot product; its weights come from attending to the identity.
        dot = nn.functional.scaled_dot_product_attention
        identity = torch.eye(POSITIONS).expand(BATCH, POSITIONS, POSITIONS)
        context = dot(q, plain_k, values, attn_mask=mask)
        return context, dot(q, plain_k, identity, attn_mask=mask)
    scores = logits[name] if mask is None else logits[name].masked_fill(~mask, -torch.inf)
    weights = torch.softmax(scores, -1)
    return weights @ values, weights


cases = {}
for name in logits:
    for mask_name, mask in masks.items():
        context, weights = attended(name, mask)
        cases[f"{name} {mask_name}"] = {"context": plain(context), "weights": plain(weights)}

step_mask = torch.tensor([[1.0, 1, 0], [1, 1, 1]])
weights = torch.softmax(torch.randn(BATCH, QUERIES, POSITIONS), -1)
penalty = ((1 - (weights * step_mask[:, :, None]).sum(1)) ** 2).mean()

print(
    json.dumps(
        {
            "query": plain(query),
            "memory": plain(memory),
            "values": plain(values),
            "masks": {"shared": shared_mask.flatten().tolist(), "full": full_mask.int().flatten().tolist()},
            "parameters": {
                "query.kernel": plain(w_query.weight.T),
                "memory.kernel": plain(w_memory.weight.T),
                "memory.bias": plain(w_memory.bias),
                "vector": plain(vector),
            },
            "cases": cases,
            "penalty": {"weights": plain(weights), "stepMask": plain(step_mask), "value": penalty.item()},
        }
    )
)
