"""Write PyTorch's loss and gradients of reverse distillation as a fixture for ours.

    python bench/reference/rd.py packages/model/test/fixtures/rd.json

Weights and features follow a formula that the test repeats, so that the file holds only
results: the loss, and for every parameter the norm of its gradient and a weighted sum.
"""

import json
import sys

import torch
import torch.nn.functional as F

BATCH, TOKENS, CHANNELS, WIDTH, LAYERS = 2, 9, 8, 64, 3
MEAN, DEVIATION = 0.1, 0.5
parameters = {}


def wave(shape, phase, amplitude):
    """amplitude * sin(phase + 0.37 i), rounded to float32."""
    count = torch.Size(shape).numel()
    angle = phase + 0.37 * torch.arange(count, dtype=torch.double)
    return (amplitude * torch.sin(angle)).float().double().reshape(shape)


def parameter(name, *shape):
    """Weights around 0, scales around 1; the phase is the sum of the name's character codes."""
    phase = sum(map(ord, name))
    value = wave(shape, phase, 0.1) + (1.0 if name.endswith("scale") else 0.0)
    parameters[name] = value.float().double().requires_grad_()
    return parameters[name]


def linear(name, x, width):
    return x @ parameter(f"{name}/weight", x.shape[-1], width) + parameter(f"{name}/bias", width)


def norm(name, x):
    scale = parameter(f"{name}/scale", x.shape[-1])
    return F.layer_norm(x, (x.shape[-1],), scale, parameter(f"{name}/bias", x.shape[-1]))


def block(name, x):
    """One head of 64 channels, MLP as wide as the block."""
    y = norm(f"{name}/norm1", x)
    q, k, v = (linear(f"{name}/attention/{part}", y, WIDTH) for part in ("query", "key", "value"))
    mixed = F.scaled_dot_product_attention(q, k, v)
    x = x + linear(f"{name}/attention/output", mixed, WIDTH)
    hidden = F.gelu(linear(f"{name}/mlp/in", norm(f"{name}/norm2", x), WIDTH))
    return x + linear(f"{name}/mlp/out", hidden, WIDTH)


def run(loss_name):
    parameters.clear()
    # The features are fed in half precision.
    raw = [wave((BATCH, TOKENS, CHANNELS), 10 + i, 1.0).half().double() for i in range(LAYERS)]
    targets = [(layer - float(torch.tensor(MEAN))) / DEVIATION for layer in raw]
    x = linear("fusion", torch.cat(targets, -1), WIDTH)
    loss = 0
    for index in reversed(range(LAYERS)):
        x = block(f"block{index}", x)
        rebuilt = linear(f"head{index}", x, CHANNELS)
        if loss_name == "token-cosine":
            similarity = F.cosine_similarity(targets[index], rebuilt, dim=-1)
        else:
            similarity = F.cosine_similarity(targets[index].flatten(1), rebuilt.flatten(1), dim=-1)
        loss = loss + (1 - similarity).mean()
    loss.backward()
    gradients = {}
    for name, value in sorted(parameters.items()):
        weights = wave(value.shape, 0.5, 1.0)
        gradients[name] = {
            "norm": float(value.grad.norm()),
            "projection": float((value.grad * weights).sum()),
        }
    return {"loss": float(loss), "gradients": gradients}


with open(sys.argv[1], "w") as file:
    json.dump({name: run(name) for name in ("token-cosine", "map-cosine")}, file)
    file.write("\n")
