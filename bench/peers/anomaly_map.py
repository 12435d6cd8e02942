"""The map of an image from the scores of its tokens."""

import torch
from torch import nn

SIGMA, PATCH = 8.0, 16


def smoothing(extent: int) -> torch.Tensor:
    """[extent, extent] weights of Gaussian smoothing along one axis, its borders mirrored."""
    radius = int(4 * SIGMA + 0.5)
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-(offsets**2) / (2 * SIGMA**2))
    places = (torch.arange(extent)[:, None] + offsets) % (2 * extent)
    mirrored = torch.minimum(places, 2 * extent - 1 - places)
    rows = (kernel / kernel.sum()).expand(extent, -1)
    return torch.zeros(extent, extent).scatter_add(1, mirrored, rows)


class AnomalyMap(nn.Module):
    """Scores [batch, tokens], bilinear in pixels and smoothed, [batch, side, side].

    Smoothing is two products with a matrix: on the CPU that is quicker than convolutions of one
    channel.
    """

    def __init__(self, grid: int) -> None:
        super().__init__()
        self.grid = grid
        self.register_buffer("smoothing", smoothing(PATCH * grid))

    def forward(self, scores: torch.Tensor) -> torch.Tensor:
        plane = scores.view(-1, 1, self.grid, self.grid)
        wide = nn.functional.interpolate(plane, scale_factor=PATCH, mode="bilinear")
        return (self.smoothing @ wide @ self.smoothing.T)[:, 0]
