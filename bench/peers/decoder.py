"""The decoder of reverse distillation, which other methods share."""

import torch
from torch import nn
from transformer import Block

HEAD_WIDTH, LAYERS = 64, 3


class LayerDecoder(nn.Module):
    """Blocks in series, the first of which rebuilds the deepest layer, each with a linear head."""

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(width, width // HEAD_WIDTH) for _ in range(LAYERS))
        self.heads = nn.ModuleList(nn.Linear(width, channels) for _ in range(LAYERS))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """Tokens [batch, tokens, width] to layers [batch, tokens, channels], shallow to deep."""
        rebuilt = []
        for block, head in zip(self.blocks, self.heads):
            x = block(x)
            rebuilt.append(head(x))
        return rebuilt[::-1]
