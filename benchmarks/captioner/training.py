"""Training the caption decoder in PyTorch on features cached on disk: the training step of main.ts."""

import numpy as np
import torch
import torch.nn.functional as F
from beam import END, PAD, START
from decoder import AttentionDecoder
from torch import nn
from training_loop import TrainingLoop


class Training(TrainingLoop):
    """
    `features`: file of float16 rows [positions, channels], each photo's followed by its mirror image's;
    `captions`: for each photo token ids, without start and end.
    """

    def __init__(self, *, decoder, weights, features, shape, captions, photos_per_batch, options):
        self.rows = np.memmap(features, np.float16, "r").reshape(-1, *shape)
        self.captions = captions
        model = AttentionDecoder(decoder, options["vocabularySize"]).load(weights)
        super().__init__(model, len(captions), photos_per_batch, options)

    def read(self, photos):
        return self.batch(photos, mirrored=self.random.integers(2, size=len(photos)))

    def batch(self, photos, mirrored=0):
        features = torch.from_numpy(self.rows[2 * np.asarray(photos) + mirrored]).float()
        owners = [i for i, photo in enumerate(photos) for _ in self.captions[photo]]
        captions = [caption for photo in photos for caption in self.captions[photo]]
        pad = nn.utils.rnn.pad_sequence
        inputs = pad([torch.tensor([START, *ids]) for ids in captions], True, PAD)
        targets = pad([torch.tensor([*ids, END]) for ids in captions], True, PAD)
        places = (targets != PAD).flatten().nonzero().squeeze(1)
        return features, torch.tensor(owners), inputs, places, targets.flatten()[places]

    def loss(self, batch):
        features, owners, inputs, places, targets = batch
        state = self.model.start(features).of_photos(owners)
        spoken = self.model.features(inputs, state).flatten(0, 1)
        logits = self.model.project(spoken.index_select(0, places))
        return F.cross_entropy(logits, targets, label_smoothing=self.options["labelSmoothing"])
