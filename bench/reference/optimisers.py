"""Write 50 steps of PyTorch's optimisers as fixtures for ours.

    python bench/reference/optimisers.py packages/model/test/fixtures/optimisers.json

A small regression, two parameter groups, warm-up and cosine, clipping by global norm (or by
each group's own) and an exponential moving average, in float64 from values that float32 holds exactly.
"""

import json
import sys

import torch

STEPS, WARM_UP, PEAK, CLIP, AVERAGE = 50, 5, 0.05, 0.2, 0.9


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]


def run(optimiser, bias_clip=None, **options):
    torch.manual_seed(0)
    draw = lambda *shape: torch.randn(*shape).float().double()
    x, target, w, b = draw(8, 3), draw(8, 2), draw(3, 2), draw(2)
    start = {"x": numbers(x), "target": numbers(target), "weight": numbers(w), "bias": numbers(b)}
    w.requires_grad_(), b.requires_grad_()
    groups = [{"params": [w]}, {"params": [b], "lr": PEAK / 2, "weight_decay": 0.0}]
    solver = optimiser(groups, lr=PEAK, **options)
    schedule = torch.optim.lr_scheduler.SequentialLR(
        solver,
        [
            torch.optim.lr_scheduler.LinearLR(solver, 1 / WARM_UP, total_iters=WARM_UP - 1),
            torch.optim.lr_scheduler.CosineAnnealingLR(solver, STEPS - WARM_UP, eta_min=0.0),
        ],
        [WARM_UP],
    )
    average = torch.optim.swa_utils.AveragedModel(
        torch.nn.ParameterList([w, b]),
        multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE),
    )
    # AveragedModel copies at its first update; ours starts from the initial values.
    average.update_parameters(torch.nn.ParameterList([w, b]))
    losses, norms, rates = [], [], []
    for _ in range(STEPS):
        solver.zero_grad()
        loss = ((torch.tanh(x @ w + b) - target) ** 2).mean()
        loss.backward()
        norms.append(float(torch.nn.utils.get_total_norm([w.grad, b.grad])))
        if bias_clip is None:
            torch.nn.utils.clip_grad_norm_([w, b], CLIP)
        else:
            torch.nn.utils.clip_grad_norm_([w], CLIP)
            torch.nn.utils.clip_grad_norm_([b], bias_clip)
        rates.append(solver.param_groups[0]["lr"])
        solver.step()
        average.update_parameters(torch.nn.ParameterList([w, b]))
        schedule.step()
        losses.append(loss.item())
    slow = list(average.module.parameters())
    return {
        "start": start,
        "losses": losses,
        "gradientNorms": norms,
        "rates": rates,
        "weight": numbers(w),
        "bias": numbers(b),
        "average": numbers(slow[0]),
    }


result = {
    "adamw": run(torch.optim.AdamW, weight_decay=0.1),
    "adam": run(torch.optim.Adam, weight_decay=0.1, betas=(0.5, 0.99)),
    "clippedApart": run(torch.optim.Adam, bias_clip=0.02),
}
with open(sys.argv[1], "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
