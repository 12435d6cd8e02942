"""Reverse distillation against ours; `measure.py` says how it is called."""

from measure import measure
from reverse_distillation import ReverseDistillation

measure(ReverseDistillation)
