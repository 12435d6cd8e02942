"""What the methods do alike with the features of an encoder's three layers."""

import torch
from torch import nn

NOISE = 0.3


class Standardised(nn.Module):
    """Half-precision features of every layer, [..., channels], at mean 0 and deviation 1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.full((channels,), 0.1))
        self.register_buffer("factor", torch.full((channels,), 2.0))

    def forward(self, layers: list[torch.Tensor]) -> list[torch.Tensor]:
        return [(layer.float() - self.mean) * self.factor for layer in layers]


def noisy(layers: list[torch.Tensor]) -> list[torch.Tensor]:
    """Every layer with uniform noise on it."""
    return [layer + torch.empty_like(layer).uniform_(-NOISE, NOISE) for layer in layers]


def distances(targets: list[torch.Tensor], rebuilt: list[torch.Tensor]) -> list[torch.Tensor]:
    """1 - cosine of tokens [batch, tokens, channels] and their reconstructions, [batch, tokens]."""
    return [1 - torch.cosine_similarity(t, r, dim=-1) for t, r in zip(targets, rebuilt)]


def principal_axes(rows: torch.Tensor, width: int) -> torch.Tensor:
    """The first `width` principal axes of rows [count, channels] about zero, [channels, width].

    Our side may take some of the last ones; a product with them takes the same time.
    """
    vectors = torch.linalg.eigh(rows.T @ rows).eigenvectors
    return vectors.flip(1)[:, :width].contiguous()
