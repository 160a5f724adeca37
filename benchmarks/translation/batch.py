"""Batches of translation and their loss, as in apps/translation."""

import torch
import torch.nn.functional as F
from torch import nn


def to_batch(examples, special):
    """Like `trainingBatch` of apps/translation: padded, with the positions that are not padding."""
    def pad(rows):
        return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], True, 0)

    sources = pad([each["source"] for each in examples])
    lengths = torch.tensor([len(each["source"]) for each in examples])
    inputs = pad([[special["start"], *each["target"]] for each in examples])
    targets = pad([[*each["target"], special["end"]] for each in examples])
    places = (targets.flatten() != 0).nonzero().squeeze(1)
    return sources, lengths, inputs, places, targets.flatten()[places]


def loss_of(model, batch, label_smoothing):
    sources, lengths, inputs, places, targets = batch
    memory, mask = model.encode(sources, lengths)
    features = model.features(inputs, memory, mask).flatten(0, 1)
    logits = model.project(features.index_select(0, places))
    return F.cross_entropy(logits, targets, label_smoothing=label_smoothing)
