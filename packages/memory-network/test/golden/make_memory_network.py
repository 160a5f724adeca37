"""Golden logits, attention and gradients of small end-to-end memory networks, written in PyTorch by the paper.

python3 make_memory_network.py > memory-network.golden.json

PyTorch 2.13, in double precision. Weights have our names and shapes.
"""

import json

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, ANSWERS, SIZE, MEMORIES = 9, 4, 3, 5
STORIES = [
    {"story": [[1, 2, 3], [4, 5], [6, 7, 8, 1]], "question": [2, 3]},
    {"story": [[5, 1], [2, 2, 4]], "question": [7, 8, 1]},
]


def encoding(length, position_encoding):
    j = torch.arange(1, length + 1)[:, None] / length
    k = torch.arange(1, SIZE + 1)[None] / SIZE
    return (1 - j) - k * (1 - 2 * j) if position_encoding else torch.ones(length, SIZE)


def embed(table, sentence, position_encoding):
    return (table[torch.tensor(sentence)] * encoding(len(sentence), position_encoding)).sum(0)


def run(weights, config, linear):
    adjacent = config["tying"] == "adjacent"
    words = [weights[f"words.{k}.table"] for k in range(config["hops"] + 1 if adjacent else 2)]
    times = [weights[f"times.{k}.table"] for k in range(len(words))]
    pe = config["positionEncoding"]
    logits, attention = [], []
    for story in STORIES:
        latest = story["story"][::-1]
        memory = lambda k: torch.stack([embed(words[k], s, pe) + times[k][age] for age, s in enumerate(latest)])
        u = embed(words[0] if adjacent else weights["question.table"], story["question"], pe)
        rows = []
        for hop in range(config["hops"]):
            m, c = (memory(hop), memory(hop + 1)) if adjacent else (memory(0), memory(1))
            p = m @ u
            if not linear:
                p = p.softmax(0)
            rows.append(p)
            u = (u if adjacent else u @ weights["between.kernel"]) + p @ c
        logits.append(u @ weights["answer.kernel"])
        attention.append(torch.stack(rows))
    return torch.stack(logits), attention


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 8) for v in tensor.flatten().tolist()]}


def main():
    cases = []
    for tying in ["adjacent", "layer-wise"]:
        for position_encoding in [True, False]:
            for linear in [False, True]:
                config = {"vocabularySize": VOCABULARY, "answers": ANSWERS, "size": SIZE, "hops": 2, "tying": tying, "positionEncoding": position_encoding, "maxMemories": MEMORIES}
                tables = 3 if tying == "adjacent" else 2
                shapes = {f"words.{k}.table": (VOCABULARY, SIZE) for k in range(tables)}
                shapes |= {f"times.{k}.table": (MEMORIES, SIZE) for k in range(tables)}
                if tying == "layer-wise":
                    shapes |= {"question.table": (VOCABULARY, SIZE), "between.kernel": (SIZE, SIZE)}
                shapes["answer.kernel"] = (SIZE, ANSWERS)
                weights = {name: (0.7 * torch.randn(shape)).requires_grad_() for name, shape in shapes.items()}
                logits, attention = run(weights, config, linear)
                loss = torch.nn.functional.cross_entropy(logits, torch.tensor([1, 3]))
                gradients = torch.autograd.grad(loss, list(weights.values()))
                cases.append({
                    "config": config,
                    "linear": linear,
                    "weights": {name: flat(w.detach()) for name, w in weights.items()},
                    "logits": logits.tolist(),
                    "attention": [rows.tolist() for rows in attention],
                    "gradients": {name: flat(g) for name, g in zip(weights, gradients)},
                })
    print(json.dumps({"stories": STORIES, "targets": [1, 3], "cases": cases}))


main()
