"""Experts between fusion and decoder: `packages/model/src/methods/cnc/mixture-of-experts.ts`."""

from typing import NamedTuple

import torch
from torch import nn

EXPERTS, ACTIVE, RATIO = 5, 2, 0.125


class Mixed(NamedTuple):
    tokens: torch.Tensor
    # Squared coefficient of variation of the experts' importances, [].
    importance: torch.Tensor
    # Share of the tokens that visit each expert, [experts].
    shares: torch.Tensor


class MixtureOfExperts(nn.Module):
    """Every token [batch, tokens, width] plus what its two best experts make of it.

    All experts stand side by side in two products, with weight 0 for those that a token does not
    visit: at this width gathering the tokens of each takes longer than the products.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = EXPERTS * round(width * RATIO)
        self.router = nn.Linear(width, EXPERTS)
        self.enter = nn.Linear(width, hidden)
        self.leave = nn.Linear(hidden, width, bias=False)
        self.biases = nn.Parameter(torch.zeros(EXPERTS, width))
        nn.init.zeros_(self.leave.weight)

    def forward(self, x: torch.Tensor) -> Mixed:
        scores = self.router(x).softmax(-1)
        top, chosen = scores.topk(ACTIVE, -1)
        weights = torch.zeros_like(scores).scatter(-1, chosen, top)
        inner = nn.functional.gelu(self.enter(x)).unflatten(-1, (EXPERTS, -1))
        outer = self.leave((inner * weights.unsqueeze(-1)).flatten(-2))
        importance = scores.mean((0, 1))
        spread = importance.var(correction=0) / (importance.mean().square() + 1e-10)
        shares = (weights.detach() > 0).float().mean((0, 1))
        return Mixed(x + outer + weights @ self.biases, spread, shares)
