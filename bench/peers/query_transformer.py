"""UniAD's transformer: `packages/model/src/methods/uniad/query-transformer.ts`."""

import torch
from torch import nn

HEADS, ENCODER_LAYERS, DECODER_LAYERS, RATIO = 6, 2, 2, 4
DROPOUT, SIDE, HIDDEN = 0.1, 7, -1e4


def neighbour_mask(grid: int) -> torch.Tensor:
    """`HIDDEN` where a token may not look, the square of tokens around itself, else 0."""
    places = torch.cartesian_prod(torch.arange(grid), torch.arange(grid))
    away = (places[:, None] - places[None]).abs().amax(-1)
    return torch.where(away <= SIDE // 2, HIDDEN, 0.0)


class Attention(nn.Module):
    """Attention of a query over other tokens, each [batch, tokens, width], then post-norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.dropout = nn.Dropout(DROPOUT)
        self.norm = nn.LayerNorm(width)

    def forward(self, past: torch.Tensor, attended: tuple, mask: torch.Tensor) -> torch.Tensor:
        """norm(past + attention), where `attended` are query, key and value."""
        layers = (self.query, self.key, self.value)
        q, k, v = (
            layer(x).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for layer, x in zip(layers, attended)
        )
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.norm(past + self.dropout(self.out(mixed.transpose(1, 2).flatten(2))))


class FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        wide = RATIO * width
        self.mlp = nn.Sequential(nn.Linear(width, wide), nn.ReLU(), nn.Linear(wide, width))
        self.dropout = nn.Dropout(DROPOUT)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x + self.dropout(self.mlp(x)))


class EncoderLayer(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = Attention(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x: torch.Tensor, position: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        placed = x + position
        return self.feed_forward(self.attention(x, (placed, placed, x), mask))


class DecoderLayer(nn.Module):
    """Learned queries look at the memory, then at the layer before."""

    def __init__(self, width: int, tokens: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.empty(tokens, width))
        self.memory = Attention(width)
        self.before = Attention(width)
        self.feed_forward = FeedForward(width)
        nn.init.trunc_normal_(self.queries, std=0.02)

    def forward(
        self, memory: torch.Tensor, before: torch.Tensor, position: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        queries = self.queries.expand_as(memory)
        x = self.memory(queries, (queries + position, memory + position, memory), mask)
        x = self.before(x, (x + position, before + position, before), mask)
        return self.feed_forward(x)


class QueryTransformer(nn.Module):
    """Features [batch, tokens, features] rebuilt by a masked encoder and a query decoder."""

    def __init__(self, features: int, width: int, grid: int) -> None:
        super().__init__()
        tokens = grid**2
        self.register_buffer("mask", neighbour_mask(grid))
        self.position = nn.Parameter(torch.empty(tokens, width))
        self.input = nn.Linear(features, width)
        self.encoder = nn.ModuleList(EncoderLayer(width) for _ in range(ENCODER_LAYERS))
        self.decoder = nn.ModuleList(DecoderLayer(width, tokens) for _ in range(DECODER_LAYERS))
        self.output = nn.Linear(width, features)
        nn.init.trunc_normal_(self.position, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        memory = self.input(features)
        for layer in self.encoder:
            memory = layer(memory, self.position, self.mask)
        x = memory
        for layer in self.decoder:
            x = layer(memory, x, self.position, self.mask)
        return self.output(x)
