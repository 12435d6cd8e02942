"""Reverse distillation in PyTorch: the model of `packages/model/src/methods/rd`."""

import torch
from anomaly_map import AnomalyMap
from decoder import LayerDecoder
from features import Standardised, distances, noisy
from method import Method, told
from torch import nn

DROPOUT = 0.1


class ReverseDistillation(Method):
    def __init__(self, sizes: dict) -> None:
        super().__init__()
        channels, width = sizes["channels"], sizes["width"]
        self.standardised = Standardised(channels)
        self.fusion = nn.Linear(3 * channels, width)
        self.decoder = LayerDecoder(width, channels)
        self.map = AnomalyMap(sizes["gridSize"])

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor | dict[str, torch.Tensor]:
        targets = self.standardised(features)
        x = self.fusion(torch.cat(noisy(targets) if self.training else targets, -1))
        x = nn.functional.dropout(x, DROPOUT, self.training)
        found = distances(targets, self.decoder(x))
        return told(found) if self.training else self.map(sum(found))
