"""Golden logits, attention, cost and gradients of small readers of stories, written in PyTorch by the papers, step by step.

python3 make_readers.py > readers.golden.json

PyTorch 2.13, in double precision. Weights have our names and shapes.
"""

import json
import math

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, ANSWERS, SENTENCES = 9, 4, 5
STORIES = [
    {"story": [[1, 2, 3], [4, 5], [6, 7, 8, 1]], "question": [2, 3]},
    {"story": [[5, 1], [2, 2, 4]], "question": [7, 8, 1]},
]
TARGETS = torch.tensor([1, 3])
# Of a memory network: the first two answers are words of stories.
ANSWER_WORDS = [3, 7, VOCABULARY, VOCABULARY + 1]


def position_weights(length, size):
    j = torch.arange(1, length + 1)[:, None] / length
    k = torch.arange(1, size + 1)[None] / size
    return (1 - j) - k * (1 - 2 * j)


def bag(table, sentence, position_encoding=True):
    vectors = table[torch.tensor(sentence)]
    return (vectors * position_weights(*vectors.shape)).sum(0) if position_encoding else vectors.sum(0)


def lstm(w, name, inputs):
    """The states after each input; gates: input, candidate, forget, output."""
    kernel, bias = w[f"{name}.kernel"], w[f"{name}.bias"]
    h = c = torch.zeros(kernel.shape[1] // 4)
    states = []
    for x in inputs:
        i, g, f, o = (torch.cat([x, h]) @ kernel + bias).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)
    return torch.stack(states)


def bidirectional(w, name, inputs):
    """The states of both directions, and the last of each."""
    ahead = lstm(w, f"{name}.layers.0.forwards", inputs)
    back = lstm(w, f"{name}.layers.0.backwards", inputs.flip(0)).flip(0)
    return torch.cat([ahead, back], 1), torch.cat([ahead[-1], back[0]])


def readout(w, question, memory):
    keys = memory @ w["readout.score.memory.kernel"] + w["readout.score.memory.bias"]
    scores = (keys + question @ w["readout.score.query.kernel"]).tanh() @ w["readout.score.vector"][:, 0]
    p = scores.softmax(0)
    joint = p @ memory @ w["readout.ofContext.kernel"] + w["readout.ofContext.bias"]
    joint = (joint + question @ w["readout.ofQuestion.kernel"]).tanh()
    return joint @ w["readout.classes.kernel"] + w["readout.classes.bias"], p[None], 0


def read_lstm(w, config, story, question):
    words = w["words.table"][torch.tensor(sum(story, []) + question)]
    return lstm(w, "network.layers.0", words)[-1] @ w["classes.kernel"] + w["classes.bias"], None, 0


def read_attention_lstm(w, config, story, question):
    told, _ = bidirectional(w, "story", w["words.table"][torch.tensor(sum(story, []))])
    _, asked = bidirectional(w, "question", w["words.table"][torch.tensor(question)])
    return readout(w, asked, told)


def read_hierarchical(w, config, story, question):
    summary = lambda sentence: lstm(w, "sentence.layers.0", w["words.table"][torch.tensor(sentence)])[-1]
    told, _ = bidirectional(w, "story", torch.stack([summary(sentence) for sentence in story]))
    return readout(w, summary(question), told)


def read_memory_network(w, config, story, question):
    adjacent, pe = config["tying"] == "adjacent", config["positionEncoding"]
    ages = range(len(story) - 1, -1, -1)
    scale = 2 if pe else 1
    memory = lambda k: torch.stack([scale * bag(w[f"words.{k}.table"], s, pe) + w[f"times.{k}.table"][age] for s, age in zip(story, ages)])
    u = scale * bag(w["words.0.table" if adjacent else "question.table"], question, pe)
    rows = []
    for hop in range(config["hops"]):
        m, c = (memory(hop), memory(hop + 1)) if adjacent else (memory(0), memory(1))
        p = m @ u
        if not config["linear"]:
            # An empty place has the score 0.
            empty = torch.zeros(SENTENCES - len(story))
            p = torch.cat([p, empty]).softmax(0)[: len(story)]
        rows.append(p)
        u = (u if adjacent else u @ w["between.kernel"]) + p @ c
    answers = w[f"words.{config['hops']}.table"][torch.tensor(ANSWER_WORDS)].T if adjacent else w["classes.kernel"]
    return u @ answers, torch.stack(rows), 0


def read_query_reduction(w, config, story, question):
    x = [bag(w["words.table"], sentence) for sentence in story]
    queries = [bag(w["words.table"], question)] * len(x)
    attention = []
    for _ in range(config["layers"]):
        gates = [(q * s @ w["gates"] + w["gateBias"]).sigmoid() for q, s in zip(queries, x)]
        candidates = [(torch.cat([q, s]) @ w["candidate.kernel"] + w["candidate.bias"]).tanh() for q, s in zip(queries, x)]

        def run(order, reset):
            h, states = torch.zeros(config["size"]), {}
            for t in order:
                z, c = gates[t][0], candidates[t]
                h = z * (1 if reset is None else gates[t][reset]) * c + (1 - z) * h
                states[t] = h
            return states

        order = list(range(len(x)))
        z = torch.stack([gate[0] for gate in gates])
        attention.append(torch.stack([z[t] * (1 - z[t + 1 :]).prod() for t in order]))
        last = run(order, None)[len(x) - 1]
        ahead, back = run(order, 1), run(order[::-1], 2)
        queries = [ahead[t] + back[t] for t in order]
    return last @ w["classes.kernel"], torch.stack(attention), 0


def wave(place, size):
    angles = torch.tensor([place / 10000 ** (2 * i / size) for i in range(size // 2)])
    return torch.cat([angles.sin(), angles.cos()])


def read_universal_transformer(w, config, story, question):
    size, heads = config["size"], config["heads"]
    dense = lambda name, x: x @ w[f"{name}.kernel"] + w[f"{name}.bias"]

    def norm(name, x):
        centered = x - x.mean(-1, keepdim=True)
        scale, offset = w[f"network.layer.{name}.norm.scale"], w[f"network.layer.{name}.norm.offset"]
        return centered / (centered.square().mean(-1, keepdim=True) + 1e-5).sqrt() * scale + offset

    def layer(x):
        query = dense("network.layer.attention.query", x).chunk(heads, 1)
        keys, values = dense("network.layer.attention.memory", x).chunk(2, 1)
        keys, values = keys.chunk(heads, 1), values.chunk(heads, 1)
        weights = [(q @ k.T / math.sqrt(size / heads)).softmax(1) for q, k in zip(query, keys)]
        context = torch.cat([p @ v for p, v in zip(weights, values)], 1)
        x = norm("attentionResidual", x + dense("network.layer.attention.output", context))
        inner = dense("network.layer.feedForward.inner", x).relu()
        return norm("feedForwardResidual", x + dense("network.layer.feedForward.outer", inner)), torch.stack(weights)

    state = torch.stack([bag(w["words.table"], s) for s in [question, *story[::-1]]])
    count = len(state)
    total, halted = torch.zeros(count), [False] * count
    output, ponder, attention = torch.zeros(count, size), torch.zeros(count), []
    for t in range(config["maxSteps"]):
        chance = dense("network.computation.halting", state)[:, 0].sigmoid()
        coordinates = torch.stack([wave(i, size) for i in range(count)]) + wave(t + 1, size)
        state, weights = layer(state + coordinates)
        attention.append(weights.mean(0)[0, 1:].flip(0))
        for i in range(count):
            if halted[i]:
                continue
            halted[i] = t == config["maxSteps"] - 1 or (total[i] + chance[i]).item() > 0.99
            share = 1 - total[i] if halted[i] else chance[i]
            step = 1 + share if halted[i] else 1
            output, ponder = output.index_add(0, torch.tensor([i]), share * state[i : i + 1]), ponder.index_add(0, torch.tensor([i]), torch.ones(1) * step)
            total = total.index_add(0, torch.tensor([i]), share[None])
        if all(halted):
            break
    return output[0] @ w["classes.kernel"] + w["classes.bias"], attention, (ponder, config["stepCost"])


def shapes_of(config):
    kind = config["kind"]
    if kind == "memory-network":
        size, adjacent = config["size"], config["tying"] == "adjacent"
        tables = config["hops"] + 1 if adjacent else 2
        words = max(ANSWER_WORDS) + 1 if adjacent else VOCABULARY
        shapes = {f"words.{k}.table": (words, size) for k in range(tables)}
        shapes |= {f"times.{k}.table": (SENTENCES, size) for k in range(tables)}
        if not adjacent:
            shapes |= {"question.table": (words, size), "between.kernel": (size, size), "classes.kernel": (size, ANSWERS)}
        return shapes
    if kind == "query-reduction":
        size = config["size"]
        shapes = {"words.table": (VOCABULARY, size), "candidate.kernel": (2 * size, size), "candidate.bias": (size,)}
        return shapes | {"gates": (size, 3), "gateBias": (3,), "classes.kernel": (size, ANSWERS)}
    if kind == "universal-transformer":
        size, inner = config["size"], config["feedForwardSize"]
        layer = "network.layer"
        shapes = {"words.table": (VOCABULARY, size)}
        shapes |= dense(f"{layer}.attention.query", size, size) | dense(f"{layer}.attention.memory", size, 2 * size)
        shapes |= dense(f"{layer}.attention.output", size, size)
        shapes |= dense(f"{layer}.feedForward.inner", size, inner) | dense(f"{layer}.feedForward.outer", inner, size)
        for name in ["attentionResidual", "feedForwardResidual"]:
            shapes |= {f"{layer}.{name}.norm.scale": (size,), f"{layer}.{name}.norm.offset": (size,)}
        return shapes | dense("network.computation.halting", size, 1) | dense("classes", size, ANSWERS)
    words, units = config["embeddingSize"], config["units"]
    cell = lambda name, size: {f"{name}.kernel": (size + units, 4 * units), f"{name}.bias": (4 * units,)}
    both = lambda name, size: cell(f"{name}.layers.0.forwards", size) | cell(f"{name}.layers.0.backwards", size)
    shapes = {"words.table": (VOCABULARY, words)}
    if kind == "lstm":
        return shapes | cell("network.layers.0", words) | dense("classes", units, ANSWERS)
    if kind == "attention-lstm":
        shapes |= both("story", words) | both("question", words)
        question = 2 * units
    else:
        shapes |= cell("sentence.layers.0", words) | both("story", units)
        question = units
    shapes |= {"readout.score.query.kernel": (question, units), "readout.score.vector": (units, 1)}
    shapes |= dense("readout.score.memory", 2 * units, units) | dense("readout.ofContext", 2 * units, units)
    return shapes | {"readout.ofQuestion.kernel": (question, units)} | dense("readout.classes", units, ANSWERS)


def dense(name, inputs, outputs):
    return {f"{name}.kernel": (inputs, outputs), f"{name}.bias": (outputs,)}


READERS = {
    "lstm": read_lstm,
    "attention-lstm": read_attention_lstm,
    "hierarchical": read_hierarchical,
    "memory-network": read_memory_network,
    "query-reduction": read_query_reduction,
    "universal-transformer": read_universal_transformer,
}
CONFIGS = [
    {"kind": "lstm", "embeddingSize": 3, "units": 4},
    {"kind": "attention-lstm", "embeddingSize": 3, "units": 2},
    {"kind": "hierarchical", "embeddingSize": 3, "units": 2},
    *(
        {"kind": "memory-network", "size": 3, "hops": 2, "tying": tying, "positionEncoding": pe, "linear": linear, "answerWords": ANSWER_WORDS}
        for tying in ["adjacent", "layer-wise"]
        for pe, linear in [(True, False), (True, True), (False, False)]
    ),
    {"kind": "query-reduction", "size": 3, "layers": 1},
    {"kind": "query-reduction", "size": 3, "layers": 3},
    {"kind": "universal-transformer", "size": 4, "heads": 2, "feedForwardSize": 5, "maxSteps": 3, "stepCost": 0.1},
    {"kind": "universal-transformer", "size": 4, "heads": 2, "feedForwardSize": 5, "maxSteps": 8, "stepCost": 0.1},
]


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 7) for v in tensor.flatten().tolist()]}


def main():
    cases = []
    for config in CONFIGS:
        weights = {name: (0.7 * torch.randn(shape)).requires_grad_() for name, shape in shapes_of(config).items()}
        rows = [READERS[config["kind"]](weights, config, s["story"], s["question"]) for s in STORIES]
        logits = torch.stack([row[0] for row in rows])
        loss = torch.nn.functional.cross_entropy(logits, TARGETS)
        case = {"linear": config.pop("linear", False)}
        if config["kind"] == "universal-transformer":
            ponder = torch.cat([row[2][0] for row in rows])
            cost = config["stepCost"] * ponder.mean()
            loss = loss + cost
            case["cost"] = cost.item()
        if rows[0][1] is not None:
            case["attention"] = [[hop.tolist() for hop in row[1]] for row in rows]
        gradients = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
        cases.append({
            "config": {"vocabularySize": VOCABULARY, "answers": ANSWERS, "maxSentences": SENTENCES, **config},
            **case,
            "weights": {name: flat(w.detach()) for name, w in weights.items()},
            "logits": logits.tolist(),
            "gradients": {name: flat(torch.zeros(w.shape) if g is None else g) for (name, w), g in zip(weights.items(), gradients)},
        })
    print(json.dumps({"stories": STORIES, "targets": TARGETS.tolist(), "cases": cases}))


main()
