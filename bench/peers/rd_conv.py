"""Convolutional reverse distillation against ours (`packages/model/src/methods/rd-conv`).

Called as `measure.py` says.
"""

import torch
from anomaly_map import AnomalyMap
from decoder import LAYERS
from features import Standardised, distances
from measure import measure
from method import Method, told
from torch import nn


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of every pixel, [n, c, h, w]; a view when channels are last."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Residual(nn.Module):
    """Two 3 x 3 convolutions; with stride 2 a 1 x 1 one leads past them."""

    def __init__(self, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(width, width, 3, stride, 1)
        self.norm0 = ChannelNorm(width)
        self.conv1 = nn.Conv2d(width, width, 3, 1, 1)
        self.norm1 = ChannelNorm(width)
        self.past = nn.Identity()
        if stride > 1:
            self.past = nn.Sequential(nn.Conv2d(width, width, 1, stride), ChannelNorm(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm0(self.conv0(x)).relu()
        return (self.norm1(self.conv1(y)) + self.past(x)).relu()


class ConvolutionalReverseDistillation(Method):
    def __init__(self, sizes: dict) -> None:
        super().__init__()
        channels, width, self.grid = sizes["channels"], sizes["width"], sizes["gridSize"]
        self.standardised = Standardised(channels)
        joined = nn.Conv2d(3 * channels, width, 1)
        self.fusion = nn.Sequential(joined, ChannelNorm(width), nn.ReLU())
        self.embedding = Residual(width, 2)
        self.blocks = nn.ModuleList(Residual(width) for _ in range(LAYERS))
        self.heads = nn.ModuleList(nn.Conv2d(width, channels, 1) for _ in range(LAYERS))
        self.map = AnomalyMap(self.grid)
        self.to(memory_format=torch.channels_last)

    def rebuilt(self, targets: list[torch.Tensor]) -> list[torch.Tensor]:
        """Every layer, shallow to deep, [batch, tokens, channels]."""
        tokens = torch.cat(targets, -1)
        # Tokens are an image whose channels are last already.
        image = tokens.unflatten(1, (self.grid, self.grid)).permute(0, 3, 1, 2)
        x = self.embedding(self.fusion(image))
        found = []
        for block, head in zip(self.blocks, self.heads):
            x = block(x)
            if not found:
                x = nn.functional.interpolate(x, (self.grid, self.grid), mode="bilinear")
            found.append(head(x).permute(0, 2, 3, 1).flatten(1, 2))
        return found[::-1]

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor | dict[str, torch.Tensor]:
        targets = self.standardised(features)
        found = distances(targets, self.rebuilt(targets))
        return told(found) if self.training else self.map(sum(found))


if __name__ == "__main__":
    measure(ConvolutionalReverseDistillation)
