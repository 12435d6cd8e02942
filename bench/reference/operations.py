"""Write what PyTorch makes of every operation and its gradient, as fixtures for our tests.

    python bench/reference/operations.py packages/model/test/fixtures/operations.json

Values and gradients are computed in float64 from inputs that float32 holds exactly.
The gradient is that of sum(output * weights), with fixed random weights.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(0)
CASES = {}


def draw(*shape, low=-2.0, high=2.0):
    return (low + (high - low) * torch.rand(shape)).float().double()


def floats(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def case(name, inputs, function):
    """Run `function`; float inputs get gradients unless nothing depends on them."""
    leaves = [t.clone().requires_grad_(t.is_floating_point()) for t in inputs]
    output = function(*leaves)
    record = {
        "inputs": [
            {
                "shape": list(t.shape),
                "dtype": {torch.float64: "float32", torch.int64: "int32", torch.bool: "bool"}[t.dtype],
                "data": floats(t),
            }
            for t in inputs
        ],
        "output": {"shape": list(output.shape), "data": floats(output)},
    }
    if output.requires_grad:
        weights = draw(*output.shape)
        record["weights"] = floats(weights)
        (output * weights).sum().backward()
        record["gradients"] = [None if t.grad is None else floats(t.grad) for t in leaves]
    CASES[name] = record


x = draw(2, 3, 4)
positive = draw(2, 3, 4, low=0.3, high=3)
for name, function in {
    "neg": torch.neg,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "erf": torch.erf,
    "abs": torch.abs,
    "square": torch.square,
    "relu": torch.relu,
    "gelu": F.gelu,
    "quickGelu": lambda t: t * torch.sigmoid(1.702 * t),
    "stopGradient": lambda t: t.detach() + 2 * t,
    "withGradient": lambda t: (t * t).detach() + 3 * t - 3 * t.detach(),
}.items():
    case(name, [x], function)
case("sign", [x], lambda t: torch.sign(t.detach()))
for name, function in {"log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal}.items():
    case(name, [positive], function)
flags, other_flags = x > 0, draw(2, 3, 4) > 0
case("not", [flags], torch.logical_not)
case("and", [flags, other_flags], torch.logical_and)
case("or", [flags, other_flags], torch.logical_or)
case("cast to integer", [x], lambda t: t.detach().trunc())
case("cast of flags", [flags], lambda t: t.double())
case("cast between floats", [x], lambda t: t * 2)

row, column = draw(4), draw(3, 1)
case("add", [x, draw(2, 3, 4)], torch.add)
case("add row", [x, row], torch.add)
case("add column to row", [column, row], torch.add)
case("sub column", [column, x], torch.sub)
case("mul", [x, draw(2, 1, 4)], torch.mul)
case("div", [x, draw(3, 4, low=0.5, high=2)], torch.div)
case("pow", [positive, draw(3, 1)], torch.pow)
tied = x.clone()
tied[0] = 0.5
case("min", [tied, torch.full((4,), 0.5, dtype=torch.double)], torch.minimum)
case("max", [tied, torch.full((4,), 0.5, dtype=torch.double)], torch.maximum)
for name, function in {"less": torch.lt, "lessOrEqual": torch.le, "equal": torch.eq}.items():
    case(name, [tied, torch.full((4,), 0.5, dtype=torch.double)], lambda a, b, f=function: f(a, b))
case("where", [flags, row, column], torch.where)

a, b = draw(2, 3, 4), draw(2, 4, 5)
case("matMul", [a, b], torch.matmul)
case("matMul broadcast", [draw(2, 1, 3, 4), draw(3, 4, 2)], torch.matmul)
case("matMul transposed left", [draw(2, 4, 3), b], lambda l, r: l.mT @ r)
case("matMul transposed right", [a, draw(2, 5, 4)], lambda l, r: l @ r.mT)
case("matMul transposed both", [draw(2, 4, 3), draw(2, 5, 4)], lambda l, r: l.mT @ r.mT)
case("matMul plain matrices", [draw(3, 4), draw(4, 5)], torch.matmul)
case("matMul transposed matrices", [draw(4, 3), draw(5, 4)], lambda l, r: l.mT @ r.mT)
case("gemm", [draw(3, 4), draw(4, 5), draw(5)], lambda l, r, c: l @ r + c)
case("gemm transposed", [draw(4, 3), draw(5, 4), draw(5)], lambda l, r, c: l.mT @ r.mT + c)
case("linear", [draw(2, 3, 4), draw(4, 5), draw(5)], lambda l, r, c: l @ r + c)

case("reduceSum", [x], torch.sum)
case("reduceSum axes", [x], lambda t: t.sum((0, 2)))
case("reduceSum of squares", [x], lambda t: t.square().sum(1))
case("reduceMean", [x], lambda t: t.mean(1, keepdim=True))
case("reduceMax", [tied], lambda t: t.amax((1, 2)))
case("reduceMax kept", [x], lambda t: t.amax(1, keepdim=True))
case("softmax", [x], lambda t: t.softmax(-1))
case("softmax axis", [x], lambda t: t.softmax(1))
case("logSumExp", [30 * x], lambda t: t.logsumexp(1))
case("normalise", [x], lambda t: F.layer_norm(t, (4,)))
case("inverseStd", [x], lambda t: (t.var(-1, keepdim=True, correction=0) + 1e-5).rsqrt())
case("layerNorm", [x, draw(4), draw(4)], lambda t, w, c: F.layer_norm(t, (4,), w, c))
case("cosineSimilarity", [x, draw(2, 3, 4)], lambda l, r: F.cosine_similarity(l, r, dim=-1))


def ranks(t):
    return t.sort(dim=-1, descending=True, stable=True).indices.sort(dim=-1).indices


case("topKMask", [tied], lambda t: t * (ranks(t) < 2))

case("reshape", [x], lambda t: t.reshape(4, 6) * torch.arange(6))
case("transpose", [x], lambda t: t.permute(2, 0, 1))
case("expand", [column], lambda t: t.expand(2, 3, 4))
case("slice", [x], lambda t: t[:, 1:3])
case("slice with steps", [draw(2, 7)], lambda t: t[:, 1:6:2])
case("slice with steps to the end", [draw(2, 7)], lambda t: t[:, 0:7:3])
case("pad", [x], lambda t: F.pad(t, (1, 2, 0, 1)))
case("concat", [draw(2, 3), draw(2, 1), draw(2, 2)], lambda *t: torch.cat(t, 1))
indices = torch.tensor([[2, 0], [2, 1]])
case("gather", [draw(3, 4), indices], lambda t, i: t[i])
case("gather axis", [draw(2, 3, 4), indices], lambda t, i: t[:, i])

image = draw(2, 4, 7, 6)
case("conv2d", [image, draw(3, 4, 3, 2)], F.conv2d)
case("conv2d strided", [image, draw(3, 4, 3, 3)], lambda t, k: F.conv2d(t, k, stride=2, padding=1))
case("conv2d dilated", [image, draw(2, 4, 2, 2)], lambda t, k: F.conv2d(t, k, dilation=2, padding=(1, 2)))
case("conv2d grouped", [image, draw(6, 2, 3, 3)], lambda t, k: F.conv2d(t, k, stride=(2, 1), groups=2))
small = draw(2, 4, 3, 4)
case("convTranspose2d", [small, draw(4, 3, 3, 2)], F.conv_transpose2d)
case(
    "convTranspose2d strided",
    [small, draw(4, 3, 3, 3)],
    lambda t, k: F.conv_transpose2d(t, k, stride=2, padding=1, output_padding=1),
)
case(
    "convTranspose2d grouped",
    [small, draw(4, 2, 2, 2)],
    lambda t, k: F.conv_transpose2d(t, k, stride=(1, 2), groups=2, dilation=2),
)
plain = draw(1, 2, 6, 7)
case("maxPool2d", [plain], lambda t: F.max_pool2d(t, 3, stride=2, padding=1))
case("maxPool2d tied", [plain.round()], lambda t: F.max_pool2d(t, 2))
case("avgPool2d", [plain], lambda t: F.avg_pool2d(t, 3, stride=2, padding=1))
case("resizeBilinear up", [plain], lambda t: F.interpolate(t, (9, 12), mode="bilinear"))
case("resizeBilinear down", [plain], lambda t: F.interpolate(t, (4, 3), mode="bilinear"))


def blur(t, sigma):
    """scipy.ndimage.gaussian_filter: radius int(4 sigma + 0.5), mode 'reflect'."""
    radius = int(4 * sigma + 0.5)
    kernel = torch.exp(-torch.arange(-radius, radius + 1).double() ** 2 / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    for axis in (-2, -1):
        extent = t.shape[axis]
        places = torch.arange(-radius, extent + radius) % (2 * extent)
        mirrored = t.index_select(axis, torch.where(places < extent, places, 2 * extent - 1 - places))
        t = (mirrored.unfold(axis, len(kernel), 1) * kernel).sum(-1)
    return t


case("gaussianBlur", [plain], lambda t: blur(t, 1.3))
case("gaussianBlur wider than the image", [draw(1, 1, 3, 4)], lambda t: blur(t, 2.5))


def solve(w, c):
    """The fixed point of z = tanh(c + z w / 8), differentiated through 60 iterations."""
    z = torch.zeros_like(c)
    for _ in range(60):
        z = torch.tanh(c + z @ w / 8)
    return z


case("fixedPoint", [draw(3, 3), draw(2, 3)], solve)


def attention(t, w):
    """Two heads of depth 2 over one sequence: the operations together."""
    q, k, v = (t @ w).reshape(2, 3, 3, 2, 2).permute(2, 0, 3, 1, 4)
    mixed = (q @ k.mT / math.sqrt(2)).softmax(-1) @ v
    return mixed.transpose(1, 2).reshape(2, 3, 4)


case("attention", [x, draw(4, 12)], attention)

with open(sys.argv[1], "w") as file:
    json.dump(CASES, file, separators=(",", ":"))
    file.write("\n")
print(len(CASES), "cases")
