"""Golden joint vectors, attention and gradients of every fusion, reimplemented in PyTorch.

python3 make_fusions.py > fusions.golden.json

PyTorch 2.13, in double precision. Weights have our names and shapes.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, EMBEDDING, CHANNELS, SIZE, ATTENTION = 7, 4, 3, 4, 3
LENGTHS = torch.tensor([4, 2, 1])
ROWS, STEPS, POSITIONS = 3, 4, 4
MASK = torch.arange(STEPS)[None] < LENGTHS[:, None]

SHARED = {"vocabularySize": VOCABULARY, "embeddingSize": EMBEDDING, "channels": CHANNELS}
GRU = {"kind": "gru", "size": SIZE}
LSTM = {"kind": "lstm", "size": SIZE}
DEEPER = {"kind": "lstm", "size": SIZE, "layers": 2, "summary": "states"}
TRANSFORMER = {"kind": "transformer", "size": SIZE, "heads": 2, "layers": 2, "feedForwardSize": 5}
BAG = {"kind": "bag-of-words"}
ATTENDED = {"size": 5, "attentionSize": ATTENTION}
CONFIGS = [
    {"kind": "initial-state", "question": {**LSTM, "layers": 2}},
    {"kind": "initial-state", "question": GRU},
    {"kind": "first-word", "question": LSTM},
    {"kind": "last-word", "question": GRU},
    {"kind": "concatenation", "question": BAG, "size": 5},
    {"kind": "product", "question": DEEPER, "size": 5},
    {"kind": "product", "question": TRANSFORMER, "size": 5, "normalize": False},
    {"kind": "stacked", "question": GRU, "attentionSize": ATTENTION, "hops": 1},
    {"kind": "stacked", "question": LSTM, "attentionSize": ATTENTION, "hops": 2},
    {"kind": "co-attention", **ATTENDED},
    {"kind": "gated", "question": GRU, **ATTENDED},
    {"kind": "low-rank-bilinear", "question": GRU, "size": 5, "glimpses": 2},
    {"kind": "film", "question": GRU, "size": 5, "blocks": 2},
    {**TRANSFORMER, "kind": "cross-modal"},
    {"kind": "blind", "question": GRU},
    {"kind": "word-guided", "question": GRU, "size": 5, "glimpses": 2, "words": [5, 1, 3]},
]


class Weights(dict):
    """Random weights, drawn when they are first used."""

    def get(self, name, *shape):
        if name not in self:
            self[name] = (0.7 * torch.randn(shape)).requires_grad_()
        return self[name]

    def linear(self, name, x, size, bias=True):
        y = x @ self.get(f"{name}.kernel", x.shape[-1], size)
        return y + self.get(f"{name}.bias", size) if bias else y

    def norm(self, name, x):
        size = x.shape[-1:]
        return F.layer_norm(x, size, self.get(f"{name}.scale", *size), self.get(f"{name}.offset", *size))


def lstm_cell(w, name, units):
    def order(t):
        # Ours: input, candidate, forget, output; PyTorch: input, forget, candidate, output.
        i, g, f, o = t.split(units, -1)
        return torch.cat([i, f, g, o], -1)

    def step(x, state):
        inputs = x.shape[-1]
        kernel = order(w.get(f"{name}.kernel", inputs + units, 4 * units))
        bias = order(w.get(f"{name}.bias", 4 * units))
        weights = kernel[:inputs].T, kernel[inputs:].T
        return torch.lstm_cell(x, state, *weights, bias, torch.zeros_like(bias))

    return step


def gru_cell(w, name, units):
    def step(x, state):
        of_input = w.get(f"{name}.inputKernel", x.shape[-1], 3 * units).T
        of_state = w.get(f"{name}.recurrentKernel", units, 3 * units).T
        bias, candidate = w.get(f"{name}.bias", 3 * units), w.get(f"{name}.candidateBias", units)
        state_bias = torch.cat([torch.zeros(2 * units), candidate])
        return (torch.gru_cell(x, state[0], of_input, of_state, bias, state_bias),)

    return step


def recurrent(w, name, config, x, lengths=LENGTHS, start=None):
    """The outputs, and the last states of each layer: (h, c) or (h,)."""
    units, states = config["size"], []
    for layer in range(config.get("layers", 1)):
        make, parts = (lstm_cell, 2) if config["kind"] == "lstm" else (gru_cell, 1)
        cell = make(w, f"{name}.layers.{layer}", units)
        state = tuple(torch.zeros(ROWS, units) for _ in range(parts)) if start is None else start[layer]
        outputs = []
        for t in range(x.shape[1]):
            valid = (t < lengths)[:, None]
            after = cell(x[:, t], state)
            state = tuple(torch.where(valid, new, old) for new, old in zip(after, state))
            outputs.append(torch.where(valid, state[0], 0))
        states.append(state)
        x = torch.stack(outputs, 1)
    return x, states


def mean_of(words):
    weights = MASK / LENGTHS[:, None]
    return torch.einsum("bs,bsd->bd", weights, words)


def self_attention(w, name, config, x, lengths):
    """Encoder layers, pre-norm, with sinusoidal positions; also the attention of each layer."""
    size, heads = config["size"], config["heads"]
    rows, steps, _ = x.shape
    valid = torch.arange(steps)[None] < lengths[:, None]
    angles = torch.arange(steps)[:, None] / 10000 ** (torch.arange(size // 2) * 2 / size)
    x = x + torch.cat([angles.sin(), angles.cos()], 1)

    def split(y):
        return y.reshape(rows, steps, heads, -1).transpose(1, 2)

    attention = []
    for layer in range(config["layers"]):
        part = f"{name}.layers.{layer}"
        normed = w.norm(f"{part}.attentionResidual.norm", x)
        query = w.linear(f"{part}.attention.query", normed, size)
        key, value = w.linear(f"{part}.attention.memory", normed, 2 * size).chunk(2, -1)
        scores = split(query) @ split(key).transpose(2, 3) / (size // heads) ** 0.5
        weights = scores.masked_fill(~valid[:, None, None], -torch.inf).softmax(-1)
        attention.append(weights)
        context = (weights @ split(value)).transpose(1, 2).reshape(rows, steps, size)
        x = x + w.linear(f"{part}.attention.output", context, size)
        normed = w.norm(f"{part}.feedForwardResidual.norm", x)
        inner = F.gelu(w.linear(f"{part}.feedForward.inner", normed, config["feedForwardSize"]))
        x = x + w.linear(f"{part}.feedForward.outer", inner, size)
    return w.norm(f"{name}.norm", x), attention


def read(w, config, words):
    """The question as one vector."""
    if config["kind"] == "bag-of-words":
        return mean_of(words)
    if config["kind"] == "transformer":
        x = w.linear("question.input", words, config["size"])
        return mean_of(self_attention(w, "question.encoder", config, x, LENGTHS)[0])
    _, states = recurrent(w, "question.network", config, words)
    return torch.cat(sum(states, ()), 1) if config.get("summary") == "states" else states[-1][0]


def initial_state(w, config, words, image_map, pooled):
    question = config["question"]
    parts = 2 if question["kind"] == "lstm" else 1
    layers = question.get("layers", 1)
    states = torch.tanh(w.linear("state", pooled, layers * parts * SIZE)).chunk(layers * parts, 1)
    start = [states[layer * parts : (layer + 1) * parts] for layer in range(layers)]
    return recurrent(w, "question.network", question, words, start=start)[1][-1][0], None


def first_word(w, config, words, image_map, pooled):
    x = torch.cat([w.linear("image", pooled, EMBEDDING)[:, None], words], 1)
    return recurrent(w, "question.network", config["question"], x, LENGTHS + 1)[1][-1][0], None


def last_word(w, config, words, image_map, pooled):
    image = w.linear("image", pooled, EMBEDDING)
    rows = [torch.cat([words[i, :n], image[i : i + 1]]) for i, n in enumerate(LENGTHS)]
    x = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return recurrent(w, "question.network", config["question"], x, LENGTHS + 1)[1][-1][0], None


def concatenation(w, config, words, image_map, pooled):
    q = read(w, config["question"], words)
    return torch.tanh(w.linear("joint", torch.cat([q, pooled], 1), config["size"])), None


def product(w, config, words, image_map, pooled):
    q = read(w, config["question"], words)
    v = F.normalize(pooled, dim=1) if config.get("normalize", True) else pooled
    sides = w.linear("ofQuestion", q, config["size"]), w.linear("ofImage", v, config["size"])
    return torch.tanh(sides[0]) * torch.tanh(sides[1]), None


def stacked(w, config, words, image_map, pooled):
    u = read(w, config["question"], words)
    v = torch.tanh(w.linear("regions", image_map, SIZE))
    attention = []
    for hop in range(config["hops"]):
        query = w.linear(f"hops.{hop}.query", u, ATTENTION, bias=False)[:, None]
        hidden = torch.tanh(w.linear(f"hops.{hop}.memory", v, ATTENTION) + query)
        p = (hidden @ w.get(f"hops.{hop}.vector", ATTENTION, 1))[..., 0].softmax(1)
        u = u + torch.einsum("bp,bpd->bd", p, v)
        attention.append(p)
    return u, torch.stack(attention, 1)


def co_attention(w, config, words, image_map, pooled):
    size, k = config["size"], config["attentionSize"]
    v = torch.tanh(w.linear("region", image_map, size))

    def attend(name, q):
        def linear(part, x, outputs):
            return w.linear(f"{name}.{part}", x, outputs, bias=False)

        c = torch.tanh(linear("affinity", q, size) @ v.transpose(1, 2))
        of_q, of_v = linear("ofQuestion", q, k), linear("ofImage", v, k)
        h_v = torch.tanh(of_v + c.transpose(1, 2) @ of_q)
        h_q = torch.tanh(of_q + c @ of_v)
        a_v = linear("imageScore", h_v, 1)[..., 0].softmax(1)
        a_q = linear("questionScore", h_q, 1)[..., 0].masked_fill(~MASK, -torch.inf).softmax(1)
        return torch.einsum("bs,bsd->bd", a_q, q) + torch.einsum("bp,bpd->bd", a_v, v), a_v

    q_w = w.linear("word", words, size) * MASK[..., None]
    padded = F.pad(q_w, (0, 0, 0, 2))
    convolutions = [
        w.linear(f"phrases.windows.{s}", torch.cat([padded[:, i : STEPS + i] for i in range(s + 1)], 2), size)
        for s in range(3)
    ]
    q_p = torch.tanh(torch.stack(convolutions)).amax(0) * MASK[..., None]
    q_s, _ = recurrent(w, "question.network", {"kind": "lstm", "size": size}, q_p)
    (f_w, a_w), (f_p, a_p), (f_s, a_s) = attend("ofWords", q_w), attend("ofPhrases", q_p), attend("ofQuestion", q_s)
    h_w = torch.tanh(w.linear("joinWords", f_w, size))
    h_p = torch.tanh(w.linear("joinPhrases", torch.cat([f_p, h_w], 1), size))
    h_s = torch.tanh(w.linear("joinQuestion", torch.cat([f_s, h_p], 1), size))
    return h_s, torch.stack([a_w, a_p, a_s], 1)


def blind(w, config, words, image_map, pooled):
    return read(w, config["question"], words), None


def gated(w, config, words, image_map, pooled):
    q = read(w, config["question"], words)

    def f(x):
        value, gate = x.chunk(2, -1)
        return torch.tanh(value) * torch.sigmoid(gate)

    both = w.linear("region", image_map, 2 * ATTENTION)
    both = both + w.linear("query", q, 2 * ATTENTION, bias=False)[:, None]
    a = w.linear("score", f(both), 1, bias=False)[..., 0].softmax(1)
    v = torch.einsum("bp,bpc->bc", a, image_map)
    size = config["size"]
    return f(w.linear("ofQuestion", q, 2 * size)) * f(w.linear("ofImage", v, 2 * size)), a[:, None]


def low_rank_bilinear(w, config, words, image_map, pooled):
    q, size = read(w, config["question"], words), config["size"]
    hidden = torch.tanh(w.linear("query", q, size))[:, None] * torch.tanh(w.linear("regions", image_map, size))
    a = w.linear("glimpses", hidden, config["glimpses"], bias=False).softmax(1).transpose(1, 2)
    v = torch.cat([torch.einsum("bp,bpc->bc", glimpse, image_map) for glimpse in a.unbind(1)], 1)
    return torch.tanh(w.linear("ofQuestion", q, size)) * torch.tanh(w.linear("ofImage", v, size)), a


def word_guided(w, config, words, image_map, pooled):
    chosen, size = torch.tensor(config["words"]), config["size"]
    scale = image_map.square().mean(2, keepdim=True).sqrt()
    # In a map of 2 x 2 regions, all are neighbors.
    scores = w.linear("regionWords.scores", image_map / scale, len(chosen)).mean(1, keepdim=True).expand(-1, POSITIONS, -1).detach()
    shown = torch.logsumexp(4 * scores - math.log(POSITIONS), 1) / 4
    named = (tokens[..., None] == chosen).double()
    q = read(w, config["question"], torch.cat([words, (named * shown[:, None]).sum(2, keepdim=True)], 2))
    hidden = torch.tanh(w.linear("query", q, size))[:, None] * torch.tanh(w.linear("regions", image_map, size))
    salience = 4 * scale.log().mean(1, keepdim=True)  # all regions are neighbors
    found = torch.einsum("bsw,w,bpw->bp", named * MASK[..., None], w.get("search", len(chosen)), scores)[..., None] + salience
    glimpsed = w.linear("glimpses", hidden, config["glimpses"], bias=False)
    a = torch.cat([glimpsed, found], 2).softmax(1).transpose(1, 2)
    v = torch.einsum("bgp,bpc->bgc", a, image_map).flatten(1)
    seen = w.linear("ofImage", v, size) + w.linear("ofWords", shown.sigmoid(), size, bias=False)
    return torch.tanh(w.linear("ofQuestion", q, size)) * torch.tanh(seen), a


def film(w, config, words, image_map, pooled):
    q, size, blocks = read(w, config["question"], words), config["size"], config["blocks"]
    modulation = w.linear("modulation", q, 2 * blocks * size).chunk(2 * blocks, 1)
    y, x = torch.meshgrid(torch.tensor([-1.0, 1]), torch.tensor([-1.0, 1]), indexing="ij")
    coordinates = torch.stack([y, x], 2).expand(ROWS, 2, 2, 2)
    grid = F.relu(w.linear("stem", torch.cat([image_map.reshape(ROWS, 2, 2, CHANNELS), coordinates], 3), size))
    for i in range(blocks):
        grid = F.relu(w.linear(f"blocks.{i}.input", grid, size))
        kernel = w.get(f"blocks.{i}.kernel", 3, 3, size, size).permute(3, 2, 0, 1)
        y = F.conv2d(grid.permute(0, 3, 1, 2), kernel, padding=1).permute(0, 2, 3, 1)
        scale, shift = modulation[2 * i][:, None, None], modulation[2 * i + 1][:, None, None]
        grid = grid + F.relu((1 + scale) * w.norm(f"blocks.{i}.norm", y) + shift)
    return F.relu(w.linear("features", grid, size)).amax((1, 2)), None


def cross_modal(w, config, words, image_map, pooled):
    answers = w.get("answer", 1, 1, SIZE).expand(ROWS, 1, SIZE)
    sequence = torch.cat([answers, w.linear("region", image_map, SIZE), w.linear("word", words, SIZE)], 1)
    output, weights = self_attention(w, "encoder", config, sequence, 1 + POSITIONS + LENGTHS)
    hops = torch.stack([layer[:, :, 0, 1 : 1 + POSITIONS].mean(1) for layer in weights], 1)
    return output[:, 0], hops / hops.sum(2, keepdim=True)


FUSIONS = [
    *(initial_state, first_word, last_word, concatenation, product, stacked),
    *(co_attention, gated, low_rank_bilinear, word_guided, film, cross_modal, blind),
]
BY_KIND = {fusion.__name__.replace("_", "-"): fusion for fusion in FUSIONS}


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 7) for v in tensor.detach().flatten().tolist()]}


image_map = torch.rand(ROWS, POSITIONS, CHANNELS)
pooled = image_map.mean(1)
tokens = torch.randint(0, VOCABULARY, (ROWS, STEPS))
cases = []
for config in CONFIGS:
    w = Weights()
    words = w.get("embedding.table", VOCABULARY, EMBEDDING)[tokens] * EMBEDDING**0.5
    joint, attention = BY_KIND[config["kind"]](w, config, words, image_map, pooled)
    weighting = torch.randn(joint.shape)
    (joint * weighting).sum().backward()
    cases.append(
        {
            "config": {**SHARED, **config},
            "weights": {name: flat(value) for name, value in w.items()},
            "joint": flat(joint),
            **({} if attention is None else {"attention": flat(attention)}),
            "weighting": flat(weighting),
            "gradients": {name: flat(torch.zeros_like(value) if value.grad is None else value.grad) for name, value in w.items()},
        }
    )

inputs = {"map": flat(image_map), "tokens": tokens.tolist(), "lengths": LENGTHS.tolist()}
print(json.dumps({**inputs, "cases": cases}))
