"""What every method's peer is to the loop that times it."""

from typing import NamedTuple

import torch
from torch import nn


class Group(NamedTuple):
    """Parameters whose gradients are clipped together."""

    parameters: list[nn.Parameter]
    clip_norm: float
    # Whether their matrices are decayed; vectors never are.
    decays: bool = True


class Method(nn.Module):
    """A detection method.

    `forward` takes the features of three layers, each [batch, tokens, channels] in half precision.
    While training it gives scalars by name, "loss" and what is told beside it; else the smoothed
    map [batch, side, side].
    """

    # Whether the class tokens of the layers, [batch, channels], follow as three further features.
    wants_class_tokens = False

    def groups(self) -> list[Group]:
        return [Group(list(self.parameters()), 1.0)]

    def prepare(self, features: list[torch.Tensor]) -> None:
        """Measure on a batch what the first step starts from."""

    def follow(self) -> None:
        """Replace, after an update, what is not trained but depends on it."""


def told(losses: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    """The mean distance of every layer and their sum, the loss."""
    means = [loss.mean() for loss in losses]
    return {"loss": sum(means), **{f"layer{index}": mean for index, mean in enumerate(means)}}
