"""The fixed points of DecAD's units: `packages/model/src/autodiff/fixed-point.ts`."""

from typing import Callable

import torch
from torch.autograd.function import once_differentiable

MIX_EVERY, TINY = 3, 1e-30


def pila(p: torch.Tensor) -> torch.Tensor:
    """2k phi(p / k) = p (s^2 - 2s + 2) exp(s), s = min(p, 0): DecAD's activation without its k."""
    s = p.clamp(max=0)
    return (s - 2).mul_(s).add_(2).mul_(s.exp_()).mul_(p)


def pila_slope(p: torch.Tensor) -> torch.Tensor:
    """(2 - 2s + s^2 + s^3) exp(s)."""
    s = p.clamp(max=0)
    return (s + 1).mul_(s).sub_(2).mul_(s).add_(2).mul_(s.exp_())


def mixed(older: tuple, image: torch.Tensor, residual: torch.Tensor) -> torch.Tensor:
    """Anderson's mixing of two iterations, for each row apart."""
    older_image, older_residual = older
    change = residual - older_residual
    along = torch.linalg.vecdot(residual, change)
    share = along / (torch.linalg.vecdot(change, change) + TINY)
    return torch.addcmul(image, share.unsqueeze(-1), image - older_image, value=-1)


def iterated(
    step: Callable[[torch.Tensor], torch.Tensor], z: torch.Tensor, iterations: int
) -> torch.Tensor:
    """The last iterate, with a mixing after every third but not behind the last."""
    older = None
    for count in range(1, iterations + 1):
        image = step(z)
        place = count % MIX_EVERY
        if place == MIX_EVERY - 1:
            older, z = (image, image - z), image
        elif place == 0 and older is not None and count < iterations:
            z = mixed(older, image, image - z)
        else:
            z = image
    return z


class Solve(torch.autograd.Function):
    """h = pila(base + h matrix) and the iterate before it, rows [n, width].

    The matrix is [width, width]. Pila is evaluated `evaluations` times. The gradient is that of the
    solution, by an iteration of its own: v = dh + J^T v.
    """

    @staticmethod
    def forward(ctx, base, matrix, evaluations: int):
        start = pila(base)
        before = iterated(lambda h: pila(torch.addmm(base, h, matrix)), start, evaluations - 2)
        inner = torch.addmm(base, before, matrix)
        ctx.save_for_backward(before, inner, matrix)
        ctx.iterations = evaluations - 1
        ctx.mark_non_differentiable(before)
        return pila(inner), before

    @staticmethod
    @once_differentiable
    def backward(ctx, dh, _):
        before, inner, matrix = ctx.saved_tensors
        slope = pila_slope(inner)
        v = iterated(lambda v: torch.addmm(dh, v * slope, matrix.T), dh, ctx.iterations)
        inside = v.mul(slope)
        return inside, before.T @ inside if ctx.needs_input_grad[1] else None, None
