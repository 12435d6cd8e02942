"""Time a ViT encoder up to its third layer, alone or with reverse distillation, in PyTorch.

    python vision.py vision OPTIONS

The loop is `serve.py`'s.
"""

import time

import torch
from anomaly_map import PATCH
from reverse_distillation import ReverseDistillation
from serve import serve, sizes
from torch import nn
from transformer import Block, device_of, framework

BLOCKS, HEAD_WIDTH = (3, 6, 9), 64


class Encoder(nn.Module):
    """ViT up to the deepest block whose tokens are wanted."""

    def __init__(self, width: int, grid: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, PATCH, PATCH)
        self.first = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, grid**2 + 1, width))
        self.blocks = nn.ModuleList(Block(width, width // HEAD_WIDTH) for _ in range(BLOCKS[-1]))

    def forward(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        tokens = self.patches(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(pixels), -1, -1), tokens], 1) + self.positions
        found = []
        for number, block in enumerate(self.blocks, 1):
            x = block(x)
            if number in BLOCKS:
                found.append(x[:, 1:].half())
        return found


class Whole(nn.Module):
    def __init__(self, options: dict) -> None:
        super().__init__()
        self.encoder = Encoder(options["channels"], options["gridSize"])
        self.decoder = ReverseDistillation(options) if "method" in options else None

    def forward(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        features = self.encoder(pixels)
        return features if self.decoder is None else [self.decoder(features)]


def main() -> None:
    options = sizes()
    device = device_of(options)
    torch.set_num_threads(options["threads"])
    torch.manual_seed(0)
    opened_at = time.perf_counter()
    model = Whole(options).to(device).eval()
    forward = torch.compile(model) if options["compile"] else model
    side = PATCH * options["gridSize"]
    pixels = torch.rand((options["batch"], 3, side, side), device=device)

    @torch.inference_mode()
    def run() -> None:
        for result in forward(pixels):
            result.cpu()

    serve(framework(options), opened_at, run)


main()
