"""Sensitivity: which input moves which measure, and where a plan breaks."""
