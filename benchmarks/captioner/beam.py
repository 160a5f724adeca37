"""Beam search over a batch of photos, entirely on tensors, with the rules of packages/decoding."""

import torch
import torch.nn.functional as F

PAD, START, END, UNKNOWN = range(4)
IMPOSSIBLE = -1e9


def beam_search(decoder, features, width, max_length, length_penalty):
    """`features` [photos, positions, channels] -> the best (tokens, log-probability) of each photo."""
    photos, vocabulary = len(features), len(decoder.output_bias)
    bias = decoder.output_bias.clone()
    bias[[PAD, START, UNKNOWN]] += IMPOSSIBLE
    state = decoder.start(features)
    state = state.of_rows(torch.arange(photos).repeat_interleave(width))
    first_row = (torch.arange(photos) * width)[:, None]
    tokens = torch.full((photos * width,), START)
    # Only one copy of the start counts.
    scores = torch.full((photos, width), IMPOSSIBLE)
    scores[:, 0] = 0
    said = torch.zeros(photos, width, max_length, dtype=torch.long)
    ended = Ended(photos, width, max_length, length_penalty)

    for length in range(1, max_length + 1):
        spoken, state = decoder.step(tokens, state)
        logits = F.linear(spoken, decoder.embedding.weight, bias)
        total = F.log_softmax(logits, -1).view(photos, width, vocabulary) + scores[:, :, None]
        # Twice the width: even if half of them end, `width` continue.
        values, flat = total.flatten(1).topk(2 * width)
        parents, words = flat // vocabulary, flat % vocabulary
        is_end = words == END
        if is_end[:, :width].any():
            ended.add(values, is_end, said, parents, length)
        scores, kept = values.masked_fill(is_end, -torch.inf).topk(width)
        parents, words = parents.gather(1, kept), words.gather(1, kept)
        said = said.gather(1, parents[:, :, None].expand_as(said))
        said[:, :, length - 1] = words
        tokens = words.flatten()
        state = state.of_rows((first_row + parents).flatten())
        if ended.none_can_overtake(scores[:, 0]):
            break
    return ended.best(scores, said, length)


class Ended:
    """The `width` best finished captions of each photo."""

    def __init__(self, photos, width, max_length, length_penalty):
        self.width, self.max_length, self.length_penalty = width, max_length, length_penalty
        self.scores = torch.full((photos, width), -torch.inf)
        self.log_probabilities = self.scores.clone()
        self.lengths = torch.zeros(photos, width, dtype=torch.long)
        self.said = torch.zeros(photos, width, max_length, dtype=torch.long)

    def penalty(self, length):
        return ((5 + length) / 6) ** self.length_penalty

    def add(self, values, is_end, said, parents, length):
        width = self.width
        new = torch.where(is_end & (values > IMPOSSIBLE / 10), values, -torch.inf)[:, :width]
        words = said.gather(1, parents[:, :width, None].expand_as(said))
        self.merge(new / self.penalty(length), new, torch.full_like(self.lengths, length - 1), words)

    def merge(self, scores, log_probabilities, lengths, said):
        self.scores, kept = torch.cat((self.scores, scores), 1).topk(self.width)
        log_probabilities = torch.cat((self.log_probabilities, log_probabilities), 1)
        self.log_probabilities = log_probabilities.gather(1, kept)
        self.lengths = torch.cat((self.lengths, lengths), 1).gather(1, kept)
        said = torch.cat((self.said, said), 1)
        self.said = said.gather(1, kept[:, :, None].expand_as(self.said))

    def none_can_overtake(self, best_alive):
        """Log-probabilities only decrease, so this is the best score that an unfinished caption can reach."""
        reach = best_alive / self.penalty(self.max_length)
        return bool(((reach <= self.scores[:, 0]) & ~torch.isinf(self.scores[:, -1])).all())

    def best(self, scores, said, length):
        """Captions cut off at the maximum length count only if too few have ended."""
        missing = torch.isinf(self.scores).sum(1, keepdim=True)
        counts = (torch.arange(self.width) < missing) & (scores > IMPOSSIBLE / 10)
        scores = scores.masked_fill(~counts, -torch.inf)
        self.merge(scores / self.penalty(length), scores, torch.full_like(self.lengths, length), said)
        lengths, log_probabilities = self.lengths[:, 0].tolist(), self.log_probabilities[:, 0].tolist()
        return [
            (words[:count], log_probability)
            for words, count, log_probability in zip(self.said[:, 0].tolist(), lengths, log_probabilities)
        ]
