"""Training the caption decoder in PyTorch on features cached on disk: the training step of main.ts."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn.functional as F
from beam import END, PAD, START
from decoder import AttentionDecoder
from torch import nn


class Training:
    """
    `features`: file of float16 rows [positions, channels], each photo's followed by its mirror image's;
    `captions`: for each photo token ids, without start and end.
    """

    def __init__(self, *, decoder, weights, features, shape, captions, photos_per_batch, options):
        self.decoder = AttentionDecoder(decoder, options["vocabularySize"]).load(weights)
        self.rows = np.memmap(features, np.float16, "r").reshape(-1, *shape)
        self.captions, self.photos_per_batch, self.options = captions, photos_per_batch, options
        self.random = np.random.default_rng(1)
        parameters = self.decoder.parameters()
        self.optimizer = torch.optim.Adam(parameters, lr=options["learningRate"], fused=True)
        self.reader = ThreadPoolExecutor(1)
        self.batches = self.plan()
        self.next = self.reader.submit(self.read, next(self.batches))

    def plan(self):
        while True:
            order = self.random.permutation(len(self.captions))
            for i in range(0, len(order), self.photos_per_batch):
                yield order[i : i + self.photos_per_batch]

    def read(self, photos):
        return self.batch(photos, mirrored=self.random.integers(2, size=len(photos)))

    def batch(self, photos, mirrored):
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
        state = self.decoder.start(features).of_photos(owners)
        spoken = self.decoder.features(inputs, state).flatten(0, 1)
        logits = self.decoder.project(spoken.index_select(0, places))
        return F.cross_entropy(logits, targets, label_smoothing=self.options["labelSmoothing"])

    @torch.no_grad()
    def first_loss(self):
        """Loss of the first batch, without augmentation and dropout."""
        self.decoder.eval()
        loss = self.loss(self.batch(range(self.photos_per_batch), mirrored=0))
        self.decoder.train()
        return loss.item()

    def step(self):
        batch = self.next.result()
        self.next = self.reader.submit(self.read, next(self.batches))
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.decoder.parameters(), self.options["clipNorm"])
        self.optimizer.step()
        return loss.item()

    def run(self, steps):
        """Milliseconds of each step, after an extra one."""
        times = []
        for _ in range(steps + 1):
            begin = time.perf_counter()
            self.step()
            times.append(1000 * (time.perf_counter() - begin))
        return times[1:]
