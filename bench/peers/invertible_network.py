"""DecAD's invertible network: `packages/model/src/methods/decad/invertible`."""

import math
from typing import NamedTuple

import torch
from fixed_point import Solve
from torch import nn

UNITS, LIPSCHITZ, POWER_ITERATIONS, FIRST_ITERATIONS = 6, 0.9, 5, 200
STEEPNESS, INITIAL_SCALE, LEAST_VARIANCE = 5.0, 0.1, 0.2
# Evaluations of a unit's map in a solve: while training; and at most, when an image is scored, to
# leave this share of the error.
TRAINING, MOST, ERROR = 6, 30, 1e-6
GAUGED_ROWS = 64


class Layer(NamedTuple):
    """A unit and the activation norm behind it, as a pass uses them.

    A unit solves u = 2x + sign phi(u W + b) for the rows h = 2k phi, with k in the weights:
    h = pila(x enter + bias + sign h around), u = 2x + sign h / 2k.
    """

    # [width, width], and [width] each.
    enter: torch.Tensor
    around: torch.Tensor
    bias: torch.Tensor
    shift: torch.Tensor
    log_scale: torch.Tensor

    def detached(self) -> "Layer":
        return Layer(*(value.detach() for value in self))

    def solved(self, x: torch.Tensor, sign: int, evaluations: int) -> tuple:
        """u - x for rows x [n, width], and the relative residual of u on some rows, []."""
        base = torch.addmm(self.bias, x, self.enter)
        h, before = Solve.apply(base, sign * self.around, evaluations)
        y = torch.add(x, h, alpha=sign / (2 * STEEPNESS))
        with torch.no_grad():
            change = (some_rows(h) - some_rows(before)) / (2 * STEEPNESS)
            residual = change.norm() / (some_rows(x) + some_rows(y)).norm()
        return y, residual


class Passed(NamedTuple):
    rows: torch.Tensor
    # Largest residual of the solves, [].
    residual: torch.Tensor


def some_rows(rows: torch.Tensor) -> torch.Tensor:
    """About 64 rows, evenly spread: a gauge should cost little."""
    return rows[:: max(1, len(rows) // GAUGED_ROWS)]


class Unit(nn.Module):
    """A monotone unit's weights with an induced norm below `LIPSCHITZ`, and its activation norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        bound = INITIAL_SCALE / width**0.5
        self.weight = nn.Parameter(torch.empty(width, width).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(width).uniform_(-bound, bound))
        self.shift = nn.Parameter(torch.zeros(width))
        self.log_scale = nn.Parameter(torch.zeros(width))
        self.register_buffer("left", torch.zeros(width))
        self.register_buffer("right", torch.full((width,), width**-0.5))
        self.follow(FIRST_ITERATIONS)

    def norm(self) -> torch.Tensor:
        """Spectral norm of the weight, []; its gradient is exact at the singular vectors."""
        return self.left @ (self.weight @ self.right)

    def layer(self) -> Layer:
        limited = self.weight / (self.norm() / LIPSCHITZ).clamp(min=1)
        enter, around = 2 * STEEPNESS * limited, 0.5 * limited
        return Layer(enter, around, STEEPNESS * self.bias, self.shift, self.log_scale)

    def evaluations(self) -> int:
        """How many the norm asks for when an image is scored."""
        wanted = math.ceil(math.log(ERROR) / math.log(min(self.norm().item(), LIPSCHITZ)))
        return min(max(wanted, TRAINING), MOST)

    @torch.no_grad()
    def follow(self, rounds: int = POWER_ITERATIONS) -> None:
        """Bring the singular vectors behind the weight by power iterations."""
        left, right = self.left, self.right
        for _ in range(rounds):
            left = nn.functional.normalize(self.weight @ right, dim=0)
            right = nn.functional.normalize(left @ self.weight, dim=0)
        self.left.copy_(left)
        self.right.copy_(right)


class InvertibleNetwork(nn.Module):
    """Monotone units with an activation norm behind each, on rows [n, width]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.units = nn.ModuleList(Unit(width) for _ in range(UNITS))

    def layers(self) -> list[Layer]:
        """What passes use, made once a step."""
        return [unit.layer() for unit in self.units]

    def evaluations(self) -> list[int]:
        return [unit.evaluations() for unit in self.units]

    @torch.no_grad()
    def prepare(self, rows: torch.Tensor) -> None:
        """Let every activation norm bring what reaches it to mean 0 and at most deviation 1."""
        for unit in self.units:
            rows, _ = unit.layer().solved(rows, -1, unit.evaluations())
            unit.shift.copy_(-rows.mean(0))
            unit.log_scale.copy_(-0.5 * rows.var(0, correction=0).clamp(min=LEAST_VARIANCE).log())
            rows = (rows + unit.shift) * unit.log_scale.exp()

    def follow(self) -> None:
        for unit in self.units:
            unit.follow()


def there(layers: list[Layer], rows: torch.Tensor, evaluations: list[int]) -> Passed:
    """Rows to latent ones."""
    residuals = []
    for layer, count in zip(layers, evaluations):
        rows, residual = layer.solved(rows, -1, count)
        rows = (rows + layer.shift) * layer.log_scale.exp()
        residuals.append(residual)
    return Passed(rows, torch.stack(residuals).amax())


def back(layers: list[Layer], latent: torch.Tensor, evaluations: list[int]) -> Passed:
    """Latent rows to those that they came from."""
    rows, residuals = latent, []
    for layer, count in zip(reversed(layers), reversed(evaluations)):
        rows = rows * torch.exp(-layer.log_scale) - layer.shift
        rows, residual = layer.solved(rows, 1, count)
        residuals.append(residual)
    return Passed(rows, torch.stack(residuals).amax())
