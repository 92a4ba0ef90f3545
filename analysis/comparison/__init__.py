"""Comparisons: plans on common chance, over one scenario or a row of them."""

from analysis.comparison.comparison import Comparison
from analysis.comparison.play import compare

__all__ = ["Comparison", "compare"]
