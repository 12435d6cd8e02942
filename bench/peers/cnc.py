"""CNC with free anchors against ours (`packages/model/src/methods/cnc`).

Called as `measure.py` says.
"""

import math

import torch
from anomaly_map import AnomalyMap
from decoder import LAYERS, LayerDecoder
from features import Standardised, distances, noisy
from measure import measure
from method import Group, Method
from mixture_of_experts import MixtureOfExperts
from torch import nn

DROPOUT, TEMPERATURE, CONSTRAINT_WEIGHT = 0.1, 0.07, 0.1
PROMOTION_WEIGHT, PROMOTION_GAIN = 0.05, 2.0


class Cnc(Method):
    wants_class_tokens = True

    def __init__(self, sizes: dict) -> None:
        super().__init__()
        channels, width = sizes["channels"], sizes["width"]
        self.standardised = Standardised(channels)
        # Anchors live where features are scaled to deviation 1 and keep their mean.
        self.register_buffer("offset", self.standardised.mean * self.standardised.factor)
        self.fusion = nn.Linear(3 * channels, width)
        self.experts = MixtureOfExperts(width)
        self.decoder = LayerDecoder(width, channels)
        # A normal and an abnormal vector a layer.
        self.anchors = nn.Parameter(0.02 * torch.randn(LAYERS, 2, channels))
        self.map = AnomalyMap(sizes["gridSize"])

    def groups(self) -> list[Group]:
        others = [p for p in self.parameters() if p is not self.anchors]
        return [Group(others, 1.0), Group([self.anchors], 1.0, decays=False)]

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor | dict[str, torch.Tensor]:
        patches, classes = features[:LAYERS], features[LAYERS:]
        encoder = self.standardised(
            [torch.cat([c.unsqueeze(1), p], 1) for c, p in zip(classes, patches)]
        )
        x = self.fusion(torch.cat(noisy(encoder) if self.training else encoder, -1))
        mixed = self.experts(nn.functional.dropout(x, DROPOUT, self.training))
        decoder = self.decoder(mixed.tokens)

        anchors = nn.functional.normalize(self.anchors, dim=-1)
        directions = (anchors[:, 0] - anchors[:, 1]).detach()
        targets = [layer[:, 1:] for layer in encoder]
        own = [self.promoted(f, d) for f, d in zip(targets, directions)]
        other = [self.promoted(f[:, 1:], d) for f, d in zip(decoder, directions)]
        found = distances([f for f, _ in own], [f for f, _ in other])
        if not self.training:
            return self.map(sum(found))
        distillation = sum(distance.mean() for distance in found)
        alignment = self.constraint(encoder, anchors)
        # The anchors stay where the encoder puts them.
        constraint = self.constraint(decoder, anchors.detach())
        loss = distillation + alignment + CONSTRAINT_WEIGHT * constraint + mixed.importance
        return {
            "loss": loss,
            "distillation": distillation,
            "alignment": alignment,
            "constraint": constraint,
            "importance": mixed.importance,
            **self.gauges(targets, own),
            **{f"expert{index}": share for index, share in enumerate(mixed.shares)},
        }

    def promoted(
        self, f: torch.Tensor, direction: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens with their normality on every channel, and that normality [batch, tokens, 1]."""
        margin = (f @ direction + self.offset @ direction).unsqueeze(-1)
        cosine = margin / (f + self.offset).norm(dim=-1, keepdim=True)
        normality = 0.5 * (1 + torch.tanh(PROMOTION_GAIN * cosine))
        share = PROMOTION_WEIGHT / math.sqrt(f.shape[-1])
        size = share * f.detach().norm(dim=-1, keepdim=True)
        return f + size * normality, normality

    def constraint(self, layers: list[torch.Tensor], anchors: torch.Tensor) -> torch.Tensor:
        """How far the class tokens are from the normal anchors, summed over the layers."""
        tokens = torch.stack([layer[:, 0] for layer in layers]) + self.offset
        logits = nn.functional.normalize(tokens, dim=-1) @ anchors.mT / TEMPERATURE
        return (logits.logsumexp(-1) - logits[..., 0]).mean(1).sum()

    @torch.no_grad()
    def gauges(self, targets: list[torch.Tensor], own: list) -> dict[str, torch.Tensor]:
        """Mean size of the encoder's shift over the size of its tokens, and the mean normality."""
        shifts = [((p - f).norm(dim=-1) / f.norm(dim=-1)).mean() for f, (p, _) in zip(targets, own)]
        normalities = [normality.mean() for _, normality in own]
        return {"shift": sum(shifts) / LAYERS, "normality": sum(normalities) / LAYERS}


if __name__ == "__main__":
    measure(Cnc)
