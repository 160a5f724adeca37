"""Golden logits, attention and gradients of a small AttentionDecoder, reimplemented in PyTorch.

python3 make_attention_decoder.py > attention-decoder.golden.json
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, MEMORY, EMBEDDING, HIDDEN, ATTENTION = 9, 4, 6, 6, 4
ROWS, POSITIONS, STEPS = 2, 5, 4

CONFIGS = [
    {"placement": "after", "score": "dot", "languageLayer": True, "gate": True},
    {"placement": "after", "score": "additive", "languageLayer": False, "gate": False},
    {"placement": "before", "score": "additive", "languageLayer": True, "gate": True},
    {"placement": "before", "score": "dot", "languageLayer": False, "gate": True},
]


def plain(tensor):
    return [round(v, 7) for v in tensor.detach().flatten().tolist()]


def shapes(config):
    before = config["placement"] == "before"
    linear = {
        "imageMap": (MEMORY, HIDDEN),
        "imagePooled": (MEMORY, EMBEDDING),
        "initialH": (MEMORY, HIDDEN),
        "initialC": (MEMORY, HIDDEN),
        "combine": (2 * HIDDEN, EMBEDDING),
        "lstm": (EMBEDDING + HIDDEN + (HIDDEN if before else 0), 4 * HIDDEN),
    }
    if config["gate"]:
        linear["gate"] = (HIDDEN, 1)
    if config["languageLayer"]:
        linear["language"] = (3 * HIDDEN, 4 * HIDDEN)
    if config["score"] == "additive":
        linear["score.memory"] = (HIDDEN, ATTENTION)
    found = {f"{name}.kernel": size for name, size in linear.items()}
    found |= {f"{name}.bias": size[1:] for name, size in linear.items()}
    found |= {"embedding.table": (VOCABULARY, EMBEDDING), "outputBias": (VOCABULARY,)}
    found |= {"score.query.kernel": (HIDDEN, ATTENTION)}
    if config["score"] == "additive":
        found["score.vector"] = (ATTENTION, 1)
    else:
        found["score.memory.kernel"] = (HIDDEN, ATTENTION)
    return found


def forward(config, w, image_map, pooled, tokens):
    def linear(name, x):
        return x @ w[f"{name}.kernel"] + w.get(f"{name}.bias", 0)

    def cell(name, units, inputs):
        # Ours: input, candidate, forget, output; PyTorch: input, forget, candidate, output.
        def torch_order(t):
            i, g, f, o = t.split(units, -1)
            return torch.cat([i, f, g, o], -1)

        kernel, bias = torch_order(w[f"{name}.kernel"]), torch_order(w[f"{name}.bias"])
        weights = kernel[:inputs].T, kernel[inputs:].T
        return lambda x, state: torch.lstm_cell(x, state, *weights, bias, torch.zeros_like(bias))

    def attend(query):
        q, k = query @ w["score.query.kernel"], linear("score.memory", values)
        if config["score"] == "dot":
            scores = torch.einsum("bs,bps->bp", q, k) / ATTENTION**0.5
        else:
            scores = (torch.tanh(q[:, None] + k) @ w["score.vector"])[..., 0]
        weights = torch.softmax(scores, -1)
        context = torch.einsum("bp,bpd->bd", weights, values)
        if config["gate"]:
            context = context * torch.sigmoid(linear("gate", query))
        return context, weights

    before = config["placement"] == "before"
    values = F.relu(linear("imageMap", image_map))
    image = F.relu(linear("imagePooled", pooled))
    state = torch.tanh(linear("initialH", pooled)), torch.tanh(linear("initialC", pooled))
    lstm = cell("lstm", HIDDEN, EMBEDDING + (HIDDEN if before else 0))
    language_state = torch.zeros(ROWS, HIDDEN), torch.zeros(ROWS, HIDDEN)
    logits, attention = [], []
    for token in tokens.T:
        word = w["embedding.table"][token] + image
        if before:
            context, weights = attend(state[0])
            state = lstm(torch.cat([word, context], 1), state)
        else:
            state = lstm(word, state)
            context, weights = attend(state[0])
        output = state[0]
        if config["languageLayer"]:
            language = cell("language", HIDDEN, 2 * HIDDEN)
            language_state = language(torch.cat([output, context], 1), language_state)
            output = language_state[0]
        features = torch.tanh(linear("combine", torch.cat([output, context], 1)))
        logits.append(features @ w["embedding.table"].T + w["outputBias"])
        attention.append(weights)
    return torch.stack(logits, 1), torch.stack(attention, 1)


image_map = torch.rand(ROWS, POSITIONS, MEMORY)
pooled = image_map.mean(1)
tokens = torch.randint(0, VOCABULARY, (ROWS, STEPS))
targets = torch.randint(0, VOCABULARY, (ROWS, STEPS))
cases = []
for config in CONFIGS:
    weights = {
        name: torch.randn(shape, requires_grad=True) for name, shape in sorted(shapes(config).items())
    }
    logits, attention = forward(config, weights, image_map, pooled, tokens)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss.backward()
    cases.append(
        {
            "config": config,
            "weights": {name: plain(value) for name, value in weights.items()},
            "logits": plain(logits),
            "attention": plain(attention),
            "loss": loss.item(),
            "gradients": {name: plain(value.grad) for name, value in weights.items()},
        }
    )

print(
    json.dumps(
        {
            "map": plain(image_map),
            "pooled": plain(pooled),
            "tokens": tokens.flatten().tolist(),
            "targets": targets.flatten().tolist(),
            "cases": cases,
        }
    )
)
