"""Write PyTorch's loss, clipped gradients and one optimiser step of DecAD as a fixture for ours.

    python bench/reference/decad.py packages/model/test/fixtures/decad.json

Weights, features and random numbers follow a formula that the test repeats, so that the file holds
only results. Every unit is solved by 80 plain iterations in double precision, through which
PyTorch differentiates: nothing of our solver is shared.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

BATCH, GRID, WIDTH, CHANNELS = 2, 3, 64, (8, 12, 16)
TOKENS = GRID * GRID
MEAN, DEVIATION = float(torch.tensor(0.1)), 0.5
LIPSCHITZ, K, ITERATIONS = 0.5, 5.0, 80
OPENNESS, STRENGTH, DELTA = 0.3, 1.0, 2.5
NETWORK_RATE, RATE, DECAY = 0.5, 1e-3, 1e-4
parameters = {}
buffers = {}


def wave(shape, phase, amplitude):
    """amplitude * sin(phase + 0.37 i), rounded to float32."""
    count = torch.Size(shape).numel()
    angle = phase + 0.37 * torch.arange(count, dtype=torch.double)
    return (amplitude * torch.sin(angle)).float().double().reshape(shape)


def phase_of(name):
    return sum(map(ord, name))


def named_wave(name, *shape):
    offset = 1.0 if name.endswith("scale") else 0.0
    return (wave(shape, phase_of(name), 0.1) + offset).float().double()


def parameter(name, *shape):
    if name not in parameters:
        parameters[name] = named_wave(name, *shape).requires_grad_()
    return parameters[name]


def random_wave(name, *shape):
    """Stands for a leaf of random numbers, of amplitude 1."""
    return wave(shape, phase_of(name), 1.0)


def uniform_wave(name, *shape):
    """The same inside [0.05, 0.95]."""
    return (0.5 + 0.45 * random_wave(name, *shape)).float().double()


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


def decoder(tokens):
    rebuilt = [None] * 3
    for index in reversed(range(3)):
        tokens = block(f"block{index}", tokens)
        rebuilt[index] = linear(f"head{index}", tokens, CHANNELS[index])
    return rebuilt


def distance(targets, rebuilt):
    return sum(
        (1 - F.cosine_similarity(t, r, dim=-1)).mean() for t, r in zip(targets, rebuilt)
    )


def pila(x):
    below = torch.minimum(x, torch.zeros_like(x))
    bent = (K * K / 2 * below**3 - K * below**2 + below) * torch.exp(K * below)
    return torch.where(x < 0, bent, x)


def power_iteration(weight, right, rounds):
    for _ in range(rounds):
        left = weight @ right
        left = left / left.norm()
        right = weight.T @ left
        right = right / right.norm()
    return left, right


def induced_norm(name, width, out):
    weight = parameter(f"{name}/weight", width, out)
    bias = parameter(f"{name}/bias", out)
    if f"{name}/left" not in buffers:
        start = torch.full((out, 1), 1 / math.sqrt(out), dtype=torch.double)
        left, right = power_iteration(weight.detach(), start, 200)
        buffers[f"{name}/left"], buffers[f"{name}/right"] = left, right
    sigma = (buffers[f"{name}/left"].T @ weight @ buffers[f"{name}/right"]).squeeze()
    limited = weight / torch.clamp(sigma / LIPSCHITZ, min=1)
    return lambda x: x @ limited + bias


def contraction(name, kind):
    if kind == "single":
        layer = induced_norm(f"{name}/linear0", WIDTH, WIDTH)
        return lambda u: pila(layer(u))
    if kind == "bottleneck":
        first = induced_norm(f"{name}/linear0", WIDTH, 6)
        second = induced_norm(f"{name}/linear1", 6, 6)
        third = induced_norm(f"{name}/linear2", 6, WIDTH)
        return lambda u: third(pila(second(pila(first(u)))))
    layers = [induced_norm(f"{name}/dense{i}", WIDTH + 5 * i, 5) for i in range(2)]
    etas = []
    for index in range(2):
        raw = [F.softplus(parameter(f"{name}/dense{index}/{part}")) + 0.1 for part in ("kept", "grown")]
        length = torch.sqrt(raw[0] ** 2 + raw[1] ** 2)
        etas.append([0.98 * value / length for value in raw])
    out = induced_norm(f"{name}/out", WIDTH + 10, WIDTH)

    def apply(u):
        for layer, (kept, grown) in zip(layers, etas):
            u = torch.cat([kept * u, grown * pila(layer(u))], -1)
        return out(u)

    return apply


def solve(g, x, sign):
    u = 2 * x
    for _ in range(ITERATIONS):
        u = 2 * x + sign * g(u)
    return u - x


def steps_of(kind, layout):
    steps = []
    for block_index in range(1):
        for unit in range(2):
            name = f"decad/network/block{block_index}"
            g = contraction(f"{name}/unit{unit}", kind)
            steps.append((lambda x, g=g: solve(g, x, -1), lambda y, g=g: solve(g, y, 1)))
            if layout == "every-unit" or unit == 1:
                shift = parameter(f"{name}/norm{unit}/shift", WIDTH)
                log_scale = parameter(f"{name}/norm{unit}/logScale", WIDTH)
                steps.append(
                    (
                        lambda x, b=shift, s=log_scale: (x + b) * torch.exp(s),
                        lambda y, b=shift, s=log_scale: y * torch.exp(-s) - b,
                    )
                )
    return steps


def remainder_of(tokens, steps, basis, kept):
    """Normal remainder, latent rows."""
    z = tokens.reshape(-1, WIDTH) @ basis
    for forward, _ in steps:
        z = forward(z)
    latent = z
    mask = torch.ones(WIDTH, dtype=torch.double)
    mask[kept:] = OPENNESS
    z = z * mask
    for _, inverse in reversed(steps):
        z = inverse(z)
    return (z @ basis.T).reshape(tokens.shape), latent


def patch_mask():
    """One image's mask by loops over its patches, from the drawn numbers."""
    draws = uniform_wave("decad/patches/places", 1, 15)[0].tolist()
    count = sum(1 for index in range(4) if index < 4 * draws[0] + 1e-6)
    total = 0.02 * count + draws[1] * (0.4 - 0.02 * count)
    mask = torch.zeros(GRID, GRID, dtype=torch.double)
    for index in range(count):
        aspect, top, left = draws[2 + 3 * index : 5 + 3 * index]
        cells = total / count * GRID * GRID
        height = min(max(math.sqrt(cells) * math.exp((aspect - 0.5) * math.log(2)), 1), GRID)
        width = min(max(cells / height, 1), GRID)
        y0, x0 = top * (GRID - height), left * (GRID - width)
        for row in range(GRID):
            for column in range(GRID):
                inside = y0 <= row + 0.5 < y0 + height and x0 <= column + 0.5 < x0 + width
                mask[row, column] = max(mask[row, column].item(), float(inside))
    if draws[14] < 0.5:
        coarse = random_wave("decad/patches/field", 1, 1, 5, 5)
        field = F.interpolate(coarse, (GRID, GRID), mode="bilinear", align_corners=True).flatten()
        wanted = max((0.02 + 0.38 * draws[1]) * TOKENS, 1)
        ranks = torch.stack([(field > value).sum() for value in field])
        mask = (ranks < wanted).double()
    return mask.reshape(1, TOKENS, 1)


def verdict(x):
    return linear("decad/discriminator/out", F.gelu(linear("decad/discriminator/in", x, 8)), 1)


def run(adversary, kind, layout, has_basis, has_prior):
    parameters.clear()
    buffers.clear()
    raw = [wave((BATCH, TOKENS, c), 10 + i, 1.0).half().double() for i, c in enumerate(CHANNELS)]
    targets = [(layer - MEAN) / DEVIATION for layer in raw]
    clean = F.layer_norm(linear("fusion", torch.cat(targets, -1), WIDTH), (WIDTH,))
    steps = steps_of(kind, layout)
    basis = named_wave("decad/basis", WIDTH, WIDTH) if has_basis else torch.eye(WIDTH).double()
    kept = WIDTH - 16

    # Synthesis on the first image.
    delta = DELTA * math.sqrt(WIDTH) / math.sqrt(768)
    chosen = clean[:1].detach()
    start = random_wave("decad/adversary/start", 1, TOKENS, WIDTH)
    length = 0.25 * delta * uniform_wave("decad/adversary/radius", 1, TOKENS, 1) ** (1 / WIDTH)
    x = (chosen + start / start.norm(dim=-1, keepdim=True) * length).requires_grad_()
    if adversary == "rec":
        tokens, _ = remainder_of(x, steps, basis, kept)
        objective = distance([t[:1] for t in targets], decoder(tokens))
    else:
        logits = verdict(x)
        p = torch.sigmoid(logits)
        entropy = p * F.softplus(-logits) + (1 - p) * F.softplus(logits)
        objective = (F.softplus(logits) if adversary == "disc" else entropy).sum()
    (slope,) = torch.autograd.grad(objective, x)
    mask = patch_mask()
    change = delta * slope / slope.norm(dim=-1, keepdim=True) * mask
    moved = clean[:1] + STRENGTH * change
    tokens = torch.cat([moved, clean[1:]])
    hit = STRENGTH * mask
    intact = torch.cat([1 - hit, torch.ones_like(hit)])

    remainder, latent = remainder_of(tokens, steps, basis, kept)
    target = clean.detach()
    terms = {
        "reconstruction": distance(targets, decoder(remainder)),
        "decoupling": (1 - F.cosine_similarity(target, remainder, dim=-1)).mean()
        + ((remainder - target) ** 2).mean(),
        "latent": (latent[:, kept:] ** 2 * intact.reshape(-1, 1)).mean(),
    }
    weights = {"latent": 0.1}
    if adversary != "rec":
        wrong = F.softplus(-verdict(moved.detach())) * hit
        terms["discriminator"] = F.softplus(verdict(target)).mean() + wrong.sum() / (hit.sum() + 1e-6)
    if has_prior:
        log_deviation = parameter("decad/prior/logDeviation", kept)
        mean = parameter("decad/prior/mean", kept)
        distances = (latent[:, :kept] - mean) * torch.exp(-log_deviation)
        terms["prior"] = (0.5 * distances**2 + log_deviation).mean()
        weights["prior"] = 0.2
    loss = sum(weights.get(name, 1.0) * term for name, term in terms.items())
    loss.backward()
    before = {name: value.detach().clone() for name, value in parameters.items()}

    is_network = lambda name: name.startswith("decad/network/")
    groups = []
    for network in (False, True):
        part = [value for name, value in parameters.items() if is_network(name) == network]
        torch.nn.utils.clip_grad_norm_(part, 0.1 if network else 1.0)
        for matrices in (True, False):
            chosen = [value for value in part if (value.dim() > 1) == matrices]
            rate = RATE * (NETWORK_RATE if network else 1)
            groups.append({"params": chosen, "lr": rate, "weight_decay": DECAY if matrices else 0})
    gradients = {name: value.grad.clone() for name, value in parameters.items()}
    torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-8).step()
    with torch.no_grad():
        changes = {name: (parameters[name] - before[name]) / RATE for name in before}
        followed = {}
        for name in list(buffers):
            if not name.endswith("/right"):
                continue
            stem = name[: -len("/right")]
            left, right = power_iteration(parameters[f"{stem}/weight"], buffers[name], 5)
            followed[f"{stem}/left"], followed[name] = left, right
    return {
        "loss": float(loss),
        "terms": {name: float(term) for name, term in terms.items()},
        "mask": mask.flatten().tolist(),
        "gradients": summary(gradients),
        "step": summary(changes),
        "buffers": summary(followed),
    }


def summary(values):
    """Norm and weighted sum of every array."""
    return {
        name: {
            "norm": float(value.norm()),
            "projection": float((value * wave(value.shape, 0.5, 1.0)).sum()),
        }
        for name, value in sorted(values.items())
    }


with open(sys.argv[1], "w") as file:
    cases = {
        "rec": run("rec", "single", "every-unit", True, False),
        "disc": run("disc", "bottleneck", "every-block", False, True),
        "ent": run("ent", "dense", "every-unit", False, False),
    }
    json.dump(cases, file)
    file.write("\n")
