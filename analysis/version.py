"""The versions of the software that fix the numbers."""

import platform
from importlib import metadata

PACKAGES = (
    *("muster", "simpy", "numpy", "numba", "llvmlite", "scipy"),
    *("networkx", "pandas", "pyarrow", "openpyxl"),
)


def versions() -> dict[str, str]:
    """Give the versions of the interpreter and of the packages, and the machine."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed as a package"
    return found
