"""Training a fusion in PyTorch on features cached on disk: the training step of main.ts."""

import numpy as np
import torch
import torch.nn.functional as F
from answering import read_model
from stacked import StackedAnswerer, padded
from training_loop import TrainingLoop


class Training(TrainingLoop):
    """
    `features`: file of float16 rows [positions, channels], one for each photo; `questions`: for each photo
    questions as token ids; `answers`: the class of each.
    """

    def __init__(self, *, model, features, shape, questions, answers, photos_per_batch, options):
        self.rows = np.memmap(features, np.float16, "r").reshape(-1, *shape)
        self.questions, self.answers = questions, answers
        config, weights, classes = read_model(model)
        fusion = StackedAnswerer(config, classes).load(weights)
        super().__init__(fusion, len(questions), photos_per_batch, options)

    def batch(self, photos):
        features = torch.from_numpy(self.rows[np.asarray(photos)]).float()
        owners = torch.tensor([i for i, photo in enumerate(photos) for _ in self.questions[photo]])
        questions = padded([ids for photo in photos for ids in self.questions[photo]])
        answers = torch.tensor([answer for photo in photos for answer in self.answers[photo]])
        return *questions, features, owners, answers

    def loss(self, batch):
        *inputs, answers = batch
        return F.cross_entropy(self.model(*inputs), answers)
