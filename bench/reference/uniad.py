"""Write PyTorch's loss and gradients of UniAD as a fixture for ours.

    python bench/reference/uniad.py packages/model/test/fixtures/uniad.json

Weights, features and random numbers follow a formula that the test repeats.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

BATCH, GRID, CHANNELS = 2, 4, (8, 12, 16)
TOKENS = GRID * GRID
FEATURES, WIDTH, HEADS, SIDE, JITTER = 24, 32, 2, 3, 20
MEAN, DEVIATION = float(torch.tensor(0.1)), 0.5
parameters = {}


def wave(shape, phase, amplitude):
    """amplitude * sin(phase + 0.37 i), rounded to float32."""
    count = torch.Size(shape).numel()
    angle = phase + 0.37 * torch.arange(count, dtype=torch.double)
    return (amplitude * torch.sin(angle)).float().double().reshape(shape)


def named_wave(name, *shape):
    offset = 1.0 if name.endswith("scale") else 0.0
    return (wave(shape, sum(map(ord, name)), 0.1) + offset).float().double()


def parameter(name, *shape):
    if name not in parameters:
        parameters[name] = named_wave(name, *shape).requires_grad_()
    return parameters[name]


def linear(name, x, width):
    return x @ parameter(f"{name}/weight", x.shape[-1], width) + parameter(f"{name}/bias", width)


def norm(name, x):
    scale = parameter(f"{name}/scale", x.shape[-1])
    return F.layer_norm(x, (x.shape[-1],), scale, parameter(f"{name}/bias", x.shape[-1]))


def hidden_pairs():
    """True where a token may not look: all that are at most SIDE // 2 rows and columns away."""
    places = [(index // GRID, index % GRID) for index in range(TOKENS)]
    near = lambda a, b: max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= SIDE // 2
    return torch.tensor([[near(a, b) for b in places] for a in places])


def attention(name, query, key, value):
    heads = lambda part, x: (
        linear(f"{name}/{part}", x, WIDTH).reshape(BATCH, TOKENS, HEADS, -1).transpose(1, 2)
    )
    q, k, v = heads("query", query), heads("key", key), heads("value", value)
    scores = q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
    scores = scores.masked_fill(hidden_pairs(), -1e9)
    mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(BATCH, TOKENS, WIDTH)
    return linear(f"{name}/output", mixed, WIDTH)


def feed_forward(name, x):
    change = linear(f"{name}/mlp/out", F.relu(linear(f"{name}/mlp/in", x, WIDTH)), WIDTH)
    return norm(f"{name}/norm-mlp", x + change)


raw = [wave((BATCH, TOKENS, c), 10 + i, 1.0).half().double() for i, c in enumerate(CHANNELS)]
joined = torch.cat([(layer - MEAN) / DEVIATION for layer in raw], -1)
target = joined @ named_wave("axes/weight", sum(CHANNELS), FEATURES)
noise = wave(target.shape, sum(map(ord, "uniad/jitter")), 1.0)
seen = target + JITTER / FEATURES * target.norm(dim=-1, keepdim=True) * noise

position = parameter("position", TOKENS, WIDTH)
memory = linear("input", seen, WIDTH)
placed = memory + position
memory = norm("encoder0/norm-self", memory + attention("encoder0/self", placed, placed, memory))
memory = feed_forward("encoder0", memory)
out = memory
for index in range(2):
    name = f"decoder{index}"
    queries = parameter(f"{name}/queries", TOKENS, WIDTH).expand(BATCH, TOKENS, WIDTH)
    looked = attention(f"{name}/memory", queries + position, memory + position, memory)
    x = norm(f"{name}/norm-memory", queries + looked)
    x = norm(f"{name}/norm-before", x + attention(f"{name}/before", x + position, out + position, out))
    out = feed_forward(name, x)
loss = ((linear("output", out, FEATURES) - target) ** 2).mean()
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
