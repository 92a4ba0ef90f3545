"""Comparisons: plans on common chance, over one scenario or a row of them."""

from analysis.comparison.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
