"""DecAD against ours (`packages/model/src/methods/decad`), called as `measure.py` says."""

import math
from typing import NamedTuple

import torch
from anomaly_map import AnomalyMap
from decoder import LayerDecoder
from features import Standardised, distances, noisy, principal_axes
from invertible_network import TRAINING, UNITS, InvertibleNetwork, Layer, back, some_rows, there
from measure import measure
from method import Group, Method
from patch_masks import patch_masks
from torch import nn

DROPOUT, ABNORMAL_SHARE, ABNORMAL_WEIGHT, LEVEL_KEPT = 0.1, 0.25, 0.5, 0.9
PERTURBED_SHARE, DELTA, START_SHARE, LATENT_WEIGHT = 0.5, 2.5, 0.25, 0.1
NETWORK_CLIP_NORM = 0.1
TRAINED, ADVERSARIAL = [TRAINING] * UNITS, [3] * UNITS


class Remainder(NamedTuple):
    """Tokens without their abnormal part, [images, tokens, width], and the rows on the way."""

    tokens: torch.Tensor
    rotated: torch.Tensor
    latent: torch.Tensor
    residual: torch.Tensor


class DecAd(Method):
    """With the abnormal channels closed and the synthesis at full strength, as in most of a run."""

    def __init__(self, sizes: dict) -> None:
        super().__init__()
        channels, width, self.grid = sizes["channels"], sizes["width"], sizes["gridSize"]
        self.width, self.kept = width, width - round(width * ABNORMAL_SHARE)
        self.standardised = Standardised(channels)
        self.register_buffer("axes", torch.eye(3 * channels, width))
        self.register_buffer("basis", torch.eye(width))
        self.register_buffer("open", (torch.arange(width) < self.kept).float())
        self.register_buffer("level", torch.ones(1))
        self.network = InvertibleNetwork(width)
        self.decoder = LayerDecoder(width, channels)
        self.map = AnomalyMap(self.grid)

    def groups(self) -> list[Group]:
        return [
            Group(list(self.decoder.parameters()), 1.0),
            Group(list(self.network.parameters()), NETWORK_CLIP_NORM),
        ]

    @torch.no_grad()
    def prepare(self, features: list[torch.Tensor]) -> None:
        layers = self.standardised(features)
        self.axes.copy_(principal_axes(torch.cat(layers, -1).flatten(0, 1), self.width))
        rows = self.tokens(layers).flatten(0, 1)
        self.basis.copy_(principal_axes(rows, self.width))
        self.network.prepare(rows @ self.basis)

    def follow(self) -> None:
        self.network.follow()

    def train(self, mode: bool = True) -> "DecAd":
        """Scoring settles what follows from the network's weights alone."""
        if not mode:
            with torch.no_grad():
                self.settled = self.network.layers(), self.network.evaluations()
        return super().train(mode)

    def tokens(self, layers: list[torch.Tensor]) -> torch.Tensor:
        """Layers to tokens of mean 0 and deviation 1, [batch, tokens, width]."""
        return nn.functional.layer_norm(torch.cat(layers, -1) @ self.axes, (self.width,))

    def remainder(
        self, tokens: torch.Tensor, network: list[Layer], evaluations: list[int]
    ) -> Remainder:
        rotated = tokens.flatten(0, -2) @ self.basis
        latent, residual = there(network, rotated, evaluations)
        rows, worst = back(network, latent * self.open, evaluations)
        whole = (rows @ self.basis.T).view_as(tokens)
        return Remainder(whole, rotated, latent, torch.maximum(residual, worst))

    def abnormal_norm(self, latent: torch.Tensor) -> torch.Tensor:
        """Norm of every row's abnormal part over the root of its channels, [rows]."""
        return latent[:, self.kept :].norm(dim=-1) / math.sqrt(self.width - self.kept)

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor | dict[str, torch.Tensor]:
        targets = self.standardised(features)
        clean = self.tokens(targets)
        if not self.training:
            return self.score(targets, self.remainder(clean, *self.settled))
        network = self.network.layers()
        moved, intact = self.disturbed(self.tokens(noisy(targets)), targets, network)
        remainder = self.remainder(moved, network, TRAINED)
        kept = nn.functional.dropout(remainder.tokens, DROPOUT)
        reconstruction = sum(d.mean() for d in distances(targets, self.decoder(kept)))
        (angle,) = distances([clean], [remainder.tokens])
        decoupling = angle.mean() + nn.functional.mse_loss(remainder.tokens, clean)
        latent = (remainder.latent[:, self.kept :].square() * intact).mean()
        self.follow_level(remainder, intact)
        return {
            "loss": reconstruction + decoupling + LATENT_WEIGHT * latent,
            "reconstruction": reconstruction,
            "decoupling": decoupling,
            "latent": latent,
            "residual": remainder.residual,
            "roundTrip": self.round_trip(remainder, network),
            **{f"spectral{i}": unit.norm() for i, unit in enumerate(self.network.units)},
        }

    def score(self, targets: list[torch.Tensor], remainder: Remainder) -> torch.Tensor:
        abnormal = self.abnormal_norm(remainder.latent) / self.level
        found = sum(distances(targets, self.decoder(remainder.tokens)))
        return self.map(found + ABNORMAL_WEIGHT * abnormal.view_as(found))

    def disturbed(
        self, tokens: torch.Tensor, targets: list[torch.Tensor], network: list[Layer]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens with anomalies on patches of the first images, and 1 on intact rows, [rows, 1].

        One step of steepest ascent of radius delta a token, from a random start near it. The
        adversary moves no weight.
        """
        count = math.ceil(len(tokens) * PERTURBED_SHARE)
        chosen = tokens[:count]
        delta = DELTA * math.sqrt(self.width / 768)
        start = (chosen + START_SHARE * delta * in_ball(chosen)).requires_grad_()
        frozen = [layer.detached() for layer in network]
        rebuilt = self.decoder(self.remainder(start, frozen, ADVERSARIAL).tokens)
        raised = sum(d.mean() for d in distances([t[:count] for t in targets], rebuilt))
        (slope,) = torch.autograd.grad(raised, start)
        mask = patch_masks(count, self.grid, tokens.device)
        change = delta * nn.functional.normalize(slope, dim=-1) * mask
        intact = torch.ones_like(tokens[..., :1])
        intact[:count] -= mask
        return torch.cat([chosen + change, tokens[count:]]), intact.view(-1, 1)

    @torch.no_grad()
    def follow_level(self, remainder: Remainder, intact: torch.Tensor) -> None:
        """Follow the mean norm of the abnormal part of intact rows."""
        weights = intact[:, 0]
        mean = (self.abnormal_norm(remainder.latent) * weights).sum() / (weights.sum() + 1e-6)
        self.level.lerp_(mean, 1 - LEVEL_KEPT)

    @torch.no_grad()
    def round_trip(self, remainder: Remainder, network: list[Layer]) -> torch.Tensor:
        """Relative error of some rows that went there and back."""
        start = some_rows(remainder.rotated)
        rows, _ = back(network, some_rows(remainder.latent), TRAINED)
        return (rows - start).norm() / start.norm()


def in_ball(x: torch.Tensor) -> torch.Tensor:
    """A uniform sample of the unit ball for every row, shaped as x."""
    direction = nn.functional.normalize(torch.randn_like(x), dim=-1)
    return direction * torch.rand_like(x[..., :1]).clamp(min=1e-6) ** (1 / x.shape[-1])


if __name__ == "__main__":
    measure(DecAd)
