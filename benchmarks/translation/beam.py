"""Beam search with PyTorch tensors over all sentences of a batch, without a loop over sentences."""

import torch


@torch.inference_mode()
def translate(model, sources, special, *, beam, alpha, batch_size=64):
    """The best translation of each source, as token ids. Batches sentences of similar length."""
    order = sorted(range(len(sources)), key=lambda i: -len(sources[i]))
    found = [None] * len(sources)
    for at in range(0, len(order), batch_size):
        rows = order[at : at + batch_size]
        for row, tokens in zip(rows, search(model, [sources[i] for i in rows], special, beam, alpha)):
            found[row] = tokens
    return found


def search(model, sources, special, beam, alpha):
    count = len(sources)
    lengths = torch.tensor([len(source) for source in sources])
    tokens = torch.zeros(count, int(lengths.max()), dtype=torch.long)
    for row, source in enumerate(sources):
        tokens[row, : len(source)] = torch.tensor(source)
    memory, mask = model.encode(tokens, lengths)
    source = [[x.repeat_interleave(beam, 0) for x in layer.cross.keys_and_values(memory)] for layer in model.decoder]
    mask = mask.repeat_interleave(beam, 0)
    past = [[None, None] for _ in model.decoder]
    limits = 2 * lengths + 10
    scores = torch.full((count, beam), -float("inf"))
    scores[:, 0] = 0
    last = torch.full((count * beam, 1), special["start"])
    spoken = torch.zeros(count * beam, 0, dtype=torch.long)
    never = [special["start"], *special["suppressed"]]
    finished = [[] for _ in sources]
    rows = torch.arange(count)  # Unfinished rows of the batch.
    for step in range(int(limits.max())):
        x = model.embed(last, step)
        for i, layer in enumerate(model.decoder):
            x, past[i] = layer.step(x, past[i], source[i], mask)
        logits = model.project(model.decoder_norm(x[:, 0]))
        logits[:, never] = -float("inf")
        logs = logits.log_softmax(-1).view(len(rows), beam, -1) + scores[:, :, None]
        size = logs.shape[-1]
        best, places = logs.flatten(1).topk(2 * beam, 1)
        parents, words = places // size, places % size
        ended = words == special["end"]
        for row, rank in ended[:, :beam].nonzero().tolist():
            if best[row, rank] == -float("inf"):
                continue
            parent = row * beam + parents[row, rank]
            score = best[row, rank].item() / ((5 + step + 1) / 6) ** alpha
            finished[rows[row]].append((score, spoken[parent].tolist()))
        # The best `beam` that continue, in order.
        rank = torch.arange(2 * beam).masked_fill(ended, 2 * beam).sort(1).values[:, :beam].clamp(max=2 * beam - 1)
        scores, parents, words = (x.gather(1, rank) for x in (best, parents, words))
        over = torch.tensor([
            len(finished[row]) >= beam or step + 1 >= limit
            for row, limit in zip(rows.tolist(), limits[rows].tolist())
        ])
        for row in (over & True).nonzero().flatten().tolist():
            if not finished[rows[row]]:  # Cut off.
                parent = row * beam + parents[row, 0]
                text = [*spoken[parent].tolist(), words[row, 0].item()]
                finished[rows[row]].append((scores[row, 0].item() / ((5 + step + 1) / 6) ** alpha, text))
        if over.all():
            break
        going = (~over).nonzero().flatten()
        chosen = (going[:, None] * beam + parents[going]).flatten()
        scores, last = scores[going], words[going].reshape(-1, 1)
        spoken = torch.cat([spoken[chosen], last], 1)
        past = [[x[chosen] for x in layer] for layer in past]
        if len(going) < len(rows):
            kept = (going[:, None] * beam + torch.arange(beam)).flatten()
            source = [[x[kept] for x in layer] for layer in source]
            mask = mask[kept]
        rows = rows[going]
    return [max(each, key=lambda pair: pair[0])[1] for each in finished]
