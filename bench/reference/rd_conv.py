"""Write PyTorch's loss and gradients of convolutional reverse distillation as a fixture for ours.

    python bench/reference/rd_conv.py packages/model/test/fixtures/rd-conv.json

Weights and features follow a formula that the test repeats.
"""

import json
import sys

import torch
import torch.nn.functional as F

# An odd grid, whose half is rounded up.
BATCH, GRID, CHANNELS, WIDTH = 2, 5, (8, 12, 16), 16
TOKENS = GRID * GRID
MEAN, DEVIATION = float(torch.tensor(0.1)), 0.5
parameters = {}


def wave(shape, phase, amplitude):
    """amplitude * sin(phase + 0.37 i), rounded to float32."""
    count = torch.Size(shape).numel()
    angle = phase + 0.37 * torch.arange(count, dtype=torch.double)
    return (amplitude * torch.sin(angle)).float().double().reshape(shape)


def parameter(name, *shape):
    if name not in parameters:
        offset = 1.0 if name.endswith("scale") else 0.0
        value = (wave(shape, sum(map(ord, name)), 0.1) + offset).float().double()
        parameters[name] = value.requires_grad_()
    return parameters[name]


def conv(name, x, width, kernel, stride=1):
    # Ours are [kernel, kernel, in, out].
    weight = parameter(f"{name}/weight", kernel, kernel, x.shape[1], width).permute(3, 2, 0, 1)
    bias = parameter(f"{name}/bias", width)
    return F.conv2d(x, weight, bias, stride=stride, padding=kernel // 2)


def norm(name, x):
    """LayerNorm over the channels of every pixel."""
    scale, bias = parameter(f"{name}/scale", x.shape[1]), parameter(f"{name}/bias", x.shape[1])
    last = F.layer_norm(x.permute(0, 2, 3, 1), (x.shape[1],), scale, bias)
    return last.permute(0, 3, 1, 2)


def residual(name, x, stride=1):
    y = F.relu(norm(f"{name}/norm0", conv(f"{name}/conv0", x, WIDTH, 3, stride)))
    y = norm(f"{name}/norm1", conv(f"{name}/conv1", y, WIDTH, 3))
    if stride != 1:
        x = norm(f"{name}/norm-past", conv(f"{name}/past", x, WIDTH, 1, stride))
    return F.relu(y + x)


raw = [wave((BATCH, TOKENS, c), 10 + i, 1.0).half().double() for i, c in enumerate(CHANNELS)]
targets = [(layer - MEAN) / DEVIATION for layer in raw]
image = torch.cat(targets, -1).transpose(1, 2).reshape(BATCH, sum(CHANNELS), GRID, GRID)
x = F.relu(norm("fusion/norm", conv("fusion", image, WIDTH, 1)))
x = residual("embedding", x, stride=2)
loss = 0
for index in reversed(range(3)):
    x = residual(f"block{index}", x)
    if index == 2:
        x = F.interpolate(x, (GRID, GRID), mode="bilinear", align_corners=False)
    rebuilt = conv(f"head{index}", x, CHANNELS[index], 1).flatten(2).transpose(1, 2)
    loss = loss + (1 - F.cosine_similarity(targets[index], rebuilt, dim=-1)).mean()
loss.backward()

gradients = {
    name: {
        "norm": float(value.grad.norm()),
        "projection": float((value.grad * wave(value.shape, 0.5, 1.0)).sum()),
    }
    for name, value in sorted(parameters.items())
}
with open(sys.argv[1], "w") as file:
    json.dump({"loss": float(loss), "gradients": gradients}, file)
    file.write("\n")
