"""A training loop in PyTorch that reads the next batch during a step, as ours does."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn


class TrainingLoop:
    """Subclasses define `batch(indices)` and `loss(batch)`, and are ready for `batch` before calling `__init__`."""

    def __init__(self, model, count, per_batch, options):
        self.model, self.count, self.per_batch, self.options = model, count, per_batch, options
        self.random = np.random.default_rng(1)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=options["learningRate"], fused=True)
        self.reader = ThreadPoolExecutor(1)
        self.batches = self.plan()
        self.next = self.reader.submit(self.read, next(self.batches))

    def plan(self):
        while True:
            order = self.random.permutation(self.count)
            for i in range(0, len(order), self.per_batch):
                yield order[i : i + self.per_batch]

    def read(self, indices):
        return self.batch(indices)

    @torch.no_grad()
    def first_loss(self):
        """Loss of the first batch, without augmentation and dropout."""
        self.model.eval()
        loss = self.loss(self.batch(range(self.per_batch)))
        self.model.train()
        return loss.item()

    def step(self):
        batch = self.next.result()
        self.next = self.reader.submit(self.read, next(self.batches))
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.options["clipNorm"])
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
