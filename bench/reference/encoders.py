"""Write what Hugging Face's models give for tiny checkpoints, as fixtures for our encoders.

    python bench/reference/encoders.py packages/model/test/fixtures/encoders

Needs torch and transformers (5.23). Weights, pictures and prompts follow a formula that the test
repeats, so that a fixture holds only configuration, names and shapes, and results. The reference
runs in double precision.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPVisionConfig,
    CLIPVisionModel,
    DeiTConfig,
    DeiTModel,
    Dinov2Config,
    Dinov2Model,
    Dinov2WithRegistersConfig,
    Dinov2WithRegistersModel,
    ViTConfig,
    ViTModel,
)

PATCH, TRAINED = 4, 16
SIZES = (16, 24, 12)
BLOCKS = (1, 2, 4)
SMALL = dict(
    hidden_size=8,
    num_hidden_layers=4,
    num_attention_heads=2,
    image_size=TRAINED,
    patch_size=PATCH,
)
START, END, DOT, OBJECT, DAMAGED = 49406, 49407, 269, 14115, 13568
PROMPTS, LENGTH, CONTEXT = 2, 12, 77


def noise(name, shape):
    """Uniform in -1 … 1: a hash of the name's character codes and of each place, as float32."""
    seed = sum(map(ord, name)) & 0xFFFFFFFF
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
        x = x ^ (x >> np.uint32(16))
    values = x.astype(np.float64) / 2**31 - 1
    return values.astype(np.float32).reshape(shape)


def weight(name, shape):
    """Factors lie around 1, all else around 0."""
    is_factor = "norm" in name and name.endswith("weight") or name.endswith("lambda1")
    return (np.float32(0.5) * noise(name, shape) + np.float32(is_factor)).astype(np.float32)


def checkpoint(model_class, config):
    """A model of the class with our weights, its configuration, and the hub's names and shapes."""
    with tempfile.TemporaryDirectory() as folder:
        model_class(config).save_pretrained(folder)
        path = Path(folder) / "model.safetensors"
        shapes = {name: list(value.shape) for name, value in load_file(path).items()}
        kept = {name: np.asarray(weight(name, shape)) for name, shape in shapes.items()}
        save_file(kept, path, metadata={"format": "pt"})
        model = model_class.from_pretrained(folder, attn_implementation="eager")
        written = json.loads((Path(folder) / "config.json").read_text())
    unused = ("mask_token", "logit_scale")
    shapes = {name: shape for name, shape in shapes.items() if not name.endswith(unused)}
    return model.double().eval(), written, shapes


def numbers(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]


def watch(layers):
    """Outputs of the blocks by number, filled at every forward pass."""
    found = {}
    for index, layer in enumerate(layers):
        def hook(_module, _inputs, output, block=index + 1):
            found[block] = output[0] if isinstance(output, tuple) else output
        layer.register_forward_hook(hook)
    return found


def cases(run, found, special, to_joint=None):
    """Patch tokens and class token of each block at each size."""
    results = []
    for size in SIZES:
        pixels = torch.from_numpy(noise("pixels", (1, 3, size, size))).double()
        with torch.no_grad():
            run(pixels)
            for space, change in (("raw", lambda x: x), ("joint", to_joint)):
                if change is None:
                    continue
                layers = {}
                for block in BLOCKS:
                    x = change(found[block])
                    layers[block] = {"tokens": numbers(x[0, special:]), "global": numbers(x[0, 0])}
                results.append({"inputSize": size, "space": space, "layers": layers})
    return results


def vision(model_class, config, special):
    model, written, shapes = checkpoint(model_class, config)
    layers = next(
        module
        for name, module in model.named_modules()
        if name in ("layers", "encoder.layer", "encoder.layers", "vision_model.encoder.layers")
    )
    takes_flag = not written["model_type"].startswith("dinov2")
    flag = {"interpolate_pos_encoding": True} if takes_flag else {}
    found = watch(layers)
    results = cases(lambda pixels: model(pixels, **flag), found, special)
    return {"config": written, "weights": shapes, "cases": results}


def text(model):
    """Features of both phrases over all 77 positions, and a gradient to the prompt vectors."""
    tower = model.text_model
    prompts = torch.from_numpy(noise("prompts", (PROMPTS, LENGTH, 8))).double().requires_grad_()
    phrases = ((OBJECT, DOT), (DAMAGED, OBJECT, DOT))
    tokens = torch.zeros(PROMPTS, CONTEXT, dtype=torch.long)
    for row, phrase in enumerate(phrases):
        line = [START, *[0] * LENGTH, *phrase, END]
        tokens[row, : len(line)] = torch.tensor(line)

    def replace(_module, _inputs, output):
        return torch.cat((output[:, :1], prompts, output[:, 1 + LENGTH :]), 1)

    tower.embeddings.token_embedding.register_forward_hook(replace)
    pooled = tower(input_ids=tokens).pooler_output
    features = model.text_projection(pooled)
    factors = torch.from_numpy(noise("factors", tuple(features.shape))).double()
    (features * factors).sum().backward()
    return {"features": numbers(features), "gradient": numbers(prompts.grad)}


def clip():
    shared = dict(hidden_size=8, num_hidden_layers=4, num_attention_heads=2, intermediate_size=24)
    config = CLIPConfig(
        vision_config=dict(shared, image_size=TRAINED, patch_size=PATCH, projection_dim=6),
        text_config=dict(shared, projection_dim=6),
        projection_dim=6,
    )
    model, written, shapes = checkpoint(CLIPModel, config)
    found = watch(model.vision_model.encoder.layers)

    def to_joint(x):
        return model.visual_projection(model.vision_model.post_layernorm(x))

    def run(pixels):
        model.vision_model(pixels, interpolate_pos_encoding=True)

    results = cases(run, found, 1, to_joint)
    return {"config": written, "weights": shapes, "cases": results, "text": text(model)}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    registers = 3
    fixtures = {
        "vit": vision(ViTModel, ViTConfig(**SMALL, intermediate_size=24), 1),
        "deit": vision(DeiTModel, DeiTConfig(**SMALL, intermediate_size=24), 2),
        "dinov2": vision(Dinov2Model, Dinov2Config(**SMALL, mlp_ratio=3), 1),
        "dinov2-with-registers": vision(
            Dinov2WithRegistersModel,
            Dinov2WithRegistersConfig(**SMALL, mlp_ratio=3, num_register_tokens=registers),
            1 + registers,
        ),
        "clip": clip(),
        "clip-vision": vision(
            CLIPVisionModel,
            CLIPVisionConfig(**SMALL, intermediate_size=24),
            1,
        ),
    }
    for name, fixture in fixtures.items():
        (folder / f"{name}.json").write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
