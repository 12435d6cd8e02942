"""Time scikit-learn's AUROC over the images and the pixels that our side left in a folder.

    python metrics.py metrics OPTIONS

The loop is `serve.py`'s.
"""

import time

import numpy as np
import sklearn
from serve import serve, sizes
from sklearn.metrics import roc_auc_score

options = sizes()
opened_at = time.perf_counter()
scores = np.fromfile(f"{options['folder']}/scores.bin", np.float32).reshape(options["batch"], -1)
masks = np.fromfile(f"{options['folder']}/masks.bin", np.uint8).reshape(scores.shape)
found: list[float] = []


def run() -> None:
    image = roc_auc_score(masks[:, 0], scores.max(1))
    found[:] = [float(image), float(roc_auc_score(masks.ravel(), scores.ravel()))]


serve(f"scikit-learn {sklearn.__version__}", opened_at, run, lambda: found)
