"""Write PyTorch's loss, gradients and one optimiser step of CNC as a fixture for ours.

    python bench/reference/cnc.py packages/model/test/fixtures/cnc.json

Weights and features follow a formula that the test repeats, so that the file holds only
results: the loss and its parts, and for every parameter the norm of its gradient and a weighted
sum, and the same of the change that the first step makes.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

BATCH, TOKENS, WIDTH, LAYERS = 2, 9, 64, 3
MEAN, DEVIATION = 0.1, 0.5
RATE = 1e-3
# A CLIP text tower at its smallest; the words' places in CLIP's vocabulary.
TEXT_WIDTH, TEXT_HEADS, TEXT_HIDDEN, TEXT_BLOCKS, POSITIONS = 16, 2, 32, 2, 20
VOCABULARY = 49408
START, END, FULL_STOP, OBJECT, DAMAGED = 49406, 49407, 269, 14115, 13568
PROMPT_LENGTH = 12
parameters = {}


def wave(shape, phase, amplitude):
    """amplitude * sin(phase + 0.37 i), rounded to float32."""
    count = torch.Size(shape).numel()
    angle = phase + 0.37 * torch.arange(count, dtype=torch.double)
    return (amplitude * torch.sin(angle)).float().double().reshape(shape)


def named_wave(name, *shape):
    """Around 0, or 1 for scales; the phase is the sum of the name's character codes."""
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


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


def block(name, x, activation):
    """One head of 64 channels, MLP as wide as the block."""
    y = norm(f"{name}/norm1", x)
    q, k, v = (linear(f"{name}/attention/{part}", y, WIDTH) for part in ("query", "key", "value"))
    mixed = F.scaled_dot_product_attention(q, k, v)
    x = x + linear(f"{name}/attention/output", mixed, WIDTH)
    hidden = activation(linear(f"{name}/mlp/in", norm(f"{name}/norm2", x), WIDTH))
    return x + linear(f"{name}/mlp/out", hidden, WIDTH)


def experts(x, count, active, hidden, renormalise):
    """Every token through its best experts, one expert after the other."""
    tokens = x.reshape(-1, WIDTH)
    scores = linear("router", tokens, count).softmax(-1)
    top, chosen = scores.topk(active, dim=-1)
    if renormalise:
        top = top / top.sum(-1, keepdim=True)
    w_in = parameter("experts/in/weight", WIDTH, count * hidden)
    b_in = parameter("experts/in/bias", count * hidden)
    w_out = parameter("experts/out/weight", count * hidden, WIDTH)
    b_out = parameter("experts/out/bias", count, WIDTH)
    mixed = torch.zeros_like(tokens)
    for expert in range(count):
        part = slice(expert * hidden, (expert + 1) * hidden)
        weight = (top * (chosen == expert)).sum(-1, keepdim=True)
        inner = F.gelu(tokens @ w_in[:, part] + b_in[part])
        mixed = mixed + weight * (inner @ w_out[part] + b_out[expert])
    importance = scores.sum(0)
    cv = importance.var(unbiased=False) / (importance.mean() ** 2 + 1e-10)
    shares = torch.stack([(chosen == e).any(-1).double().mean() for e in range(count)])
    return mixed.reshape(x.shape), cv, shares


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def text_features(prompts, endings):
    """A pre-norm transformer that looks back only, read at the end token."""
    frozen = lambda name, *shape: named_wave(f"text_model.{name}", *shape)
    words = frozen("embeddings.token_embedding.weight", VOCABULARY, TEXT_WIDTH)
    positions = frozen("embeddings.position_embedding.weight", POSITIONS, TEXT_WIDTH)
    features = []
    for prompt, ending in zip(prompts, endings):
        x = torch.cat([words[START][None], prompt, words[ending]])
        x = x + positions[: len(x)]
        mask = torch.full((len(x), len(x)), -math.inf, dtype=torch.double).triu(1)
        for index in range(TEXT_BLOCKS):
            name = f"encoder.layers.{index}"
            dense = lambda part, y, width: y @ frozen(
                f"{name}.{part}.weight", width, y.shape[-1]
            ).T + frozen(f"{name}.{part}.bias", width)
            normal = lambda part, y: F.layer_norm(
                y, (TEXT_WIDTH,), frozen(f"{name}.{part}.weight", TEXT_WIDTH) + 1,
                frozen(f"{name}.{part}.bias", TEXT_WIDTH),
            )
            y = normal("layer_norm1", x)
            q, k, v = (
                dense(f"self_attn.{part}_proj", y, TEXT_WIDTH)
                .reshape(len(x), TEXT_HEADS, -1)
                .transpose(0, 1)
                for part in "qkv"
            )
            scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]) + mask
            mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(len(x), TEXT_WIDTH)
            x = x + dense("self_attn.out_proj", mixed, TEXT_WIDTH)
            hidden = quick_gelu(dense("mlp.fc1", normal("layer_norm2", x), TEXT_HIDDEN))
            x = x + dense("mlp.fc2", hidden, TEXT_WIDTH)
        last = F.layer_norm(
            x[-1], (TEXT_WIDTH,), frozen("final_layer_norm.weight", TEXT_WIDTH) + 1,
            frozen("final_layer_norm.bias", TEXT_WIDTH),
        )
        features.append(last @ named_wave("text_projection.weight", WIDTH, TEXT_WIDTH).T)
    return torch.stack(features)


def constraint(features, anchors, temperature):
    """Cross entropy of the choice between the normal and the abnormal anchor."""
    logits = unit(features) @ anchors.T / temperature
    return F.cross_entropy(logits, torch.zeros(len(features), dtype=torch.long))


def promoted(features, in_space, anchors, norm_axes, share, gain, weight, cosine):
    direction = (anchors[0] - anchors[1]).detach()
    margin = in_space @ direction
    if cosine:
        margin = margin / in_space.norm(dim=-1)
    psi = 0.5 * (1 + torch.tanh(gain * margin))[..., None]
    size = features.norm(dim=norm_axes, keepdim=True).detach()
    factor = weight * size / math.sqrt(features.shape[-1]) if share else weight / size
    return features + factor * psi, psi


def distillation(targets, rebuilt, loss):
    total = 0
    for target, other in zip(targets, rebuilt):
        if loss == "token-cosine":
            similarity = F.cosine_similarity(target, other, dim=-1)
        else:
            similarity = F.cosine_similarity(target.flatten(1), other.flatten(1), dim=-1)
        total = total + (1 - similarity).mean()
    return total


def free():
    """Free anchors next to a convolutional encoder's standardised layers."""
    widths = (8, 12, 16)
    raw = [wave((BATCH, TOKENS, c), 10 + i, 1.0).half().double() for i, c in enumerate(widths)]
    mean = float(torch.tensor(MEAN))
    targets = [(layer - mean) / DEVIATION for layer in raw]
    x = linear("fusion", torch.cat(targets, -1), WIDTH)
    x, importance, shares = experts(x, count=4, active=2, hidden=32, renormalise=True)
    rebuilt = [None] * LAYERS
    for index in reversed(range(LAYERS)):
        x = block(f"block{index}", x, F.gelu)
        rebuilt[index] = linear(f"head{index}", x, widths[index])
    anchors = [unit(parameter(f"anchors/free{i}", 2, c)) for i, c in enumerate(widths)]
    # Scaled to deviation 1 with the mean left in.
    scaled = lambda layer: layer + mean / DEVIATION
    alignment = sum(
        constraint(scaled(t.mean(1)), a, 0.05) for t, a in zip(targets, anchors)
    )
    held = sum(
        constraint(scaled(r.mean(1)), a.detach(), 0.05) for r, a in zip(rebuilt, anchors)
    )
    sides = [
        [promoted(f, scaled(f), a, -1, True, 3.0, 0.4, True) for f, a in zip(side, anchors)]
        for side in (targets, rebuilt)
    ]
    distilled = distillation([f for f, _ in sides[0]], [f for f, _ in sides[1]], "token-cosine")
    return distilled, alignment, held, importance, shares, sides[0]


def text():
    """Prompts through a text tower, in the joint space as it is, with class tokens."""
    patches = [wave((BATCH, TOKENS, WIDTH), 10 + i, 1.0).half().double() for i in range(LAYERS)]
    classes = [wave((BATCH, WIDTH), 20 + i, 1.0).half().double() for i in range(LAYERS)]
    sequences = [torch.cat([c[:, None], t], 1) for c, t in zip(classes, patches)]
    x = linear("fusion", torch.cat(sequences, -1), WIDTH)
    x, importance, shares = experts(x, count=5, active=2, hidden=64, renormalise=False)
    rebuilt = [None] * LAYERS
    for index in reversed(range(LAYERS)):
        x = block(f"block{index}", x, quick_gelu)
        rebuilt[index] = x
    prompts = parameter("prompts/vectors", 2 * LAYERS, PROMPT_LENGTH, TEXT_WIDTH)
    normal, abnormal = [OBJECT, FULL_STOP, END], [DAMAGED, OBJECT, FULL_STOP, END]
    features = unit(text_features(prompts, [normal, abnormal] * LAYERS))
    anchors = features.reshape(LAYERS, 2, WIDTH)
    alignment = sum(constraint(e, a, 0.07) for e, a in zip(classes, anchors))
    held = sum(constraint(r[:, 0], a.detach(), 0.07) for r, a in zip(rebuilt, anchors))
    sides = [
        [promoted(f, f, a, -1, False, 1.0, 1.0, False) for f, a in zip(side, anchors)]
        for side in (patches, [r[:, 1:] for r in rebuilt])
    ]
    distilled = distillation([f for f, _ in sides[0]], [f for f, _ in sides[1]], "map-cosine")
    return distilled, alignment, held, importance, shares, sides[0]


def summary(values):
    """Norm and weighted sum of every array."""
    return {
        name: {
            "norm": float(value.norm()),
            "projection": float((value * wave(value.shape, 0.5, 1.0)).sum()),
        }
        for name, value in sorted(values.items())
    }


def clip(names, limit):
    total = torch.stack([parameters[n].grad.norm() for n in names]).norm()
    for name in names:
        parameters[name].grad.mul_(min(limit / float(total + 1e-6), 1.0))


def run(case, weight, optimiser):
    parameters.clear()
    distilled, alignment, held, importance, shares, encoder_side = case()
    loss = distilled + alignment + weight * held + importance
    loss.backward()
    terms = {
        "distillation": distilled, "alignment": alignment,
        "constraint": held, "importance": importance,
    }
    result = {
        "loss": float(loss),
        "terms": {name: float(value) for name, value in terms.items()},
        "shares": shares.tolist(),
        "normality": float(torch.stack([psi.mean() for _, psi in encoder_side]).mean()),
        "gradients": summary({n: p.grad for n, p in parameters.items()}),
    }
    before = {name: value.detach().clone() for name, value in parameters.items()}
    optimiser()
    # Over the rate: a first step of Adam changes most numbers by about 1.
    change = {n: (p.detach() - before[n]) / RATE for n, p in parameters.items()}
    return {**result, "step": summary(change)}


def is_anchor(name):
    return name.startswith(("anchors/", "prompts/"))


def adamw():
    """Matrices decayed, anchors not; both clipped apart."""
    anchors = [n for n in parameters if is_anchor(n)]
    others = [n for n in parameters if not is_anchor(n)]
    clip(anchors, 1.0)
    clip(others, 1.0)
    decayed = [parameters[n] for n in others if parameters[n].dim() > 1]
    kept = [parameters[n] for n in others if parameters[n].dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": 1e-4},
        {"params": kept + [parameters[n] for n in anchors], "weight_decay": 0.0},
    ]
    torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.999), eps=1e-8).step()


def adam():
    torch.optim.Adam(parameters.values(), lr=RATE, betas=(0.5, 0.999), eps=1e-8).step()


with open(sys.argv[1], "w") as file:
    json.dump({"free": run(free, 0.1, adamw), "text": run(text, 0.1, adam)}, file)
    file.write("\n")
