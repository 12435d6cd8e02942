"""Write the ViT parity fixture: a tiny random ViTModel and its hidden states.

    python bench/reference/vit.py packages/model/test/fixtures/vit

Needs torch and transformers. The weights are stored in half precision and the
reference runs on exactly those values in single precision.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from transformers import ViTConfig, ViTModel


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=32,
        image_size=32,
        patch_size=8,
        hidden_act="gelu",
        layer_norm_eps=1e-6,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    torch.manual_seed(7)
    model = ViTModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # Wider than the usual 0.02, so that attention is far from uniform.
            parameter.copy_((0.3 * torch.randn_like(parameter)).half().float())
        count = 2 * 3 * 32 * 32
        pixels = torch.sin(0.37 * torch.arange(count, dtype=torch.float64)).float()
        output = model(pixels.reshape(2, 3, 32, 32), output_hidden_states=True)

    keys = (
        "model_type hidden_size num_hidden_layers num_attention_heads intermediate_size "
        "hidden_act layer_norm_eps image_size patch_size num_channels qkv_bias"
    ).split()
    plain = config.to_dict()
    (folder / "config.json").write_text(json.dumps({key: plain[key] for key in keys}, indent=1))
    (folder / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": [0.5, 0.25, 0.5], "image_std": [0.5, 0.5, 0.25]}, indent=1)
    )
    # Renames the modules of this version to the names that checkpoints on the hub have.
    model.half().save_pretrained(folder / "saved")
    (folder / "saved" / "model.safetensors").replace(folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    shutil.rmtree(folder / "saved")

    blocks = {}
    for block in (1, 2, 3):
        tokens = output.hidden_states[block][:, 1:, :]
        blocks[f"block{block}"] = [float(f"{value:.7g}") for value in tokens.flatten().tolist()]
    (folder / "expected.json").write_text(json.dumps(blocks))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
