"""Write AUROC values of scikit-learn for samples that the metrics' tests rebuild.

    python bench/reference/metrics.py packages/model/test/fixtures/auroc.json

Sample k of n scores: an integer sequence (a x + c mod m) rounded to `levels` values, so that ties
are many or few; the label is whether another sequence falls below a share.
"""

import json
import sys
from pathlib import Path

from sklearn.metrics import roc_auc_score


def sequence(seed: int, count: int) -> list[int]:
    values, state = [], seed
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state >> 8)
    return values


def main(path: Path) -> None:
    cases = []
    for seed, count, levels, share in [
        (1, 10, 4, 0.5),
        (2, 100, 1000, 0.3),
        (3, 1000, 7, 0.02),
        (4, 5000, 100000, 0.4),
        (5, 5000, 2, 0.5),
    ]:
        raw = sequence(seed, 2 * count)
        labels = [int(value % 10000 < 10000 * share) for value in raw[count:]]
        scores = [(value % levels + label * (levels // 3)) / 8 for value, label in zip(raw, labels)]
        area = float(roc_auc_score(labels, scores))
        cases.append(
            {"seed": seed, "count": count, "levels": levels, "share": share, "auroc": area}
        )
    path.write_text(json.dumps(cases))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
