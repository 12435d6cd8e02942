"""Which patches become anomalous: `packages/model/src/methods/decad/anomalies/patch-masks.ts`."""

import math

import torch
from torch import nn

MOST, LEAST_AREA, LARGEST_AREA, COARSE = 4, 0.02, 0.4, 5


def rectangles(draws: torch.Tensor, grid: int) -> torch.Tensor:
    """A union of 1 to 4 rectangles, [images, grid, grid], from draws [images, 2 + 3 * MOST]."""
    centres = torch.arange(grid, device=draws.device) + 0.5
    wanted = MOST * draws[:, :1] + 1e-6
    exists = torch.arange(MOST, device=draws.device) < wanted
    count = exists.sum(1, keepdim=True)
    least = LEAST_AREA * count
    cells = (least + draws[:, 1:2] * (LARGEST_AREA - least)) / count * grid**2
    aspect, top, left = draws[:, 2:].unflatten(1, (MOST, 3)).unbind(-1)
    height = (cells.sqrt() * torch.exp((aspect - 0.5) * math.log(2))).clamp(1, grid)
    width = (cells / height).clamp(1, grid)

    def inside(place: torch.Tensor, extent: torch.Tensor) -> torch.Tensor:
        start = (place * (grid - extent)).unsqueeze(-1)
        return (start <= centres) & (centres < start + extent.unsqueeze(-1))

    each = inside(top, height).unsqueeze(-1) & inside(left, width).unsqueeze(-2)
    return (each & exists[..., None, None]).any(1)


def blobs(share: torch.Tensor, coarse: torch.Tensor, grid: int) -> torch.Tensor:
    """Smooth noise cut where it covers a share [images, 1], [images, grid, grid]."""
    wide = nn.functional.interpolate(coarse, (grid, grid), mode="bilinear", align_corners=True)
    field = wide.flatten(1)
    wanted = ((LEAST_AREA + share * (LARGEST_AREA - LEAST_AREA)) * grid**2).clamp(min=1)
    rank = field.argsort(1, descending=True).argsort(1)
    return (rank < wanted).view(-1, grid, grid)


def patch_masks(images: int, grid: int, device: torch.device) -> torch.Tensor:
    """0 or 1, [images, tokens, 1]: rectangles or, in half of the images, blobs."""
    draws = torch.rand(images, 3 + 3 * MOST, device=device)
    coarse = torch.randn(images, 1, COARSE, COARSE, device=device)
    boxes = rectangles(draws[:, :-1], grid)
    mask = torch.where(draws[:, -1:, None] < 0.5, blobs(draws[:, 1:2], coarse, grid), boxes)
    return mask.flatten(1).unsqueeze(-1).float()
