"""Attribution: the same days without each inject in turn."""

from analysis.attribution.attribution import ALL, Attribution, attribute

__all__ = ["ALL", "Attribution", "attribute"]
