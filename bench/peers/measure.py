"""Time a method's training step, or its scoring from features to the smoothed map.

    python METHOD.py training|scoring OPTIONS

The loop is `serve.py`'s.
"""

import time

import torch
from method import Group, Method
from serve import kind, serve, sizes
from torch import nn
from transformer import device_of, framework

RATE, DECAY = 1e-4, 1e-4


def optimiser_of(groups: list[Group]) -> torch.optim.Optimizer:
    """AdamW in one pass over the parameters, matrices decayed and vectors not."""
    parts = []
    for parameters, _, decays in groups:
        matrices = [p for p in parameters if p.ndim > 1]
        vectors = [p for p in parameters if p.ndim <= 1]
        parts.append({"params": matrices, "weight_decay": DECAY if decays else 0.0})
        parts.append({"params": vectors, "weight_decay": 0.0})
    return torch.optim.AdamW([part for part in parts if part["params"]], lr=RATE, fused=True)


def features_of(model: Method, options: dict, device: str) -> list[torch.Tensor]:
    """Half-precision values between 0.25 and 1, as on our side."""
    batch, grid, channels = options["batch"], options["gridSize"], options["channels"]
    shapes = [(batch, grid**2, channels)] * 3
    if model.wants_class_tokens:
        shapes += [(batch, channels)] * 3
    return [torch.empty(shape, device=device).uniform_(0.25, 1).half() for shape in shapes]


def measure(method: type[Method]) -> None:
    """Serve the method that `method` makes of the case's options."""
    options = sizes()
    device = device_of(options)
    is_training = kind() == "training"
    torch.set_num_threads(options["threads"])
    torch.manual_seed(0)
    opened_at = time.perf_counter()
    model = method(options).to(device).train(is_training)
    forward = torch.compile(model) if options["compile"] else model
    features = features_of(model, options, device)
    groups = model.groups()
    optimiser = optimiser_of(groups)
    if is_training:
        model.prepare(features)

    def step() -> None:
        optimiser.zero_grad(set_to_none=True)
        scalars = forward(features)
        scalars["loss"].backward()
        for parameters, clip_norm, _ in groups:
            nn.utils.clip_grad_norm_(parameters, clip_norm)
        optimiser.step()
        model.follow()
        torch.stack([scalar.detach() for scalar in scalars.values()]).tolist()

    @torch.inference_mode()
    def score() -> None:
        forward(features).cpu()

    serve(framework(options), opened_at, step if is_training else score)
