"""UniAD against ours (`packages/model/src/methods/uniad`), called as `measure.py` says."""

import torch
from anomaly_map import AnomalyMap
from features import Standardised, principal_axes
from measure import measure
from method import Method
from query_transformer import QueryTransformer

FEATURES, JITTER = 192, 20.0


class UniAd(Method):
    def __init__(self, sizes: dict) -> None:
        super().__init__()
        channels, width, grid = sizes["channels"], sizes["width"], sizes["gridSize"]
        self.standardised = Standardised(channels)
        self.register_buffer("axes", torch.zeros(3 * channels, FEATURES))
        self.transformer = QueryTransformer(FEATURES, width, grid)
        self.map = AnomalyMap(grid)

    def prepare(self, features: list[torch.Tensor]) -> None:
        joined = torch.cat(self.standardised(features), -1)
        self.axes.copy_(principal_axes(joined.flatten(0, 1), FEATURES))

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor | dict[str, torch.Tensor]:
        aligned = torch.cat(self.standardised(features), -1) @ self.axes
        if not self.training:
            difference = self.transformer(aligned) - aligned
            return self.map(difference.square().mean(-1).sqrt())
        size = JITTER / FEATURES * aligned.norm(dim=-1, keepdim=True)
        rebuilt = self.transformer(aligned + size * torch.randn_like(aligned))
        return {"loss": torch.nn.functional.mse_loss(rebuilt, aligned)}


if __name__ == "__main__":
    measure(UniAd)
