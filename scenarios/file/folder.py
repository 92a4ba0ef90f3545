"""The folder of a scenario: its files, each read once; the bundled library."""

import hashlib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from scenarios.clock import shown
from scenarios.file.document import Document, parse_document
from scenarios.plan import BASE
from scenarios.problem import Problem, allowed, fail
from scenarios.quantity import name_of
from scenarios.scenario import Source

LIBRARY = Path(__file__).parent.parent / "library"
MOST_FILE_BYTES = 200_000_000


class Folder:
    """The files of one scenario, each read once and remembered with its checksum.

    Parameters
    ----------
    path
        A scenario folder or a single scenario file.
    """

    def __init__(self, path: Path) -> None:
        single = path.is_file()
        self.path = path
        self.root = path.parent if single else path
        self.main = path.name if single else "scenario.yaml"
        self.name = path.stem if single else path.resolve().name
        self.single = single
        self.sources: dict[str, Source] = {}

    def shown(self, name: str) -> str:
        """Give the name of a file as errors show it."""
        return str(self.root / name)

    def read(self, name: str) -> bytes:
        """Read a file of the scenario.

        Raises
        ------
        ScenarioError
            When it cannot be read, is too large or lies outside the folder.
        """
        return self._keep(name, self.root / name, self.shown(name), inside=True)

    def bring(self, path: Path, option: str) -> tuple[str, bytes]:
        """Read a file that an option names, wherever it lies.

        Returns
        -------
        str, bytes
            The name under which it is kept among the sources, and its bytes.

        Raises
        ------
        ScenarioError
            When it cannot be read or is too large.
        """
        name = path.name
        while name in self.sources:
            name = f"given-{name}"
        return name, self._keep(name, path, option, inside=False)

    def _keep(self, name: str, path: Path, shown_as: str, *, inside: bool) -> bytes:
        """Read a file and remember it."""
        try:
            path = path.resolve()
            fault = self._unreadable(path, inside=inside)
            raw = b"" if fault else path.read_bytes()
        except FileNotFoundError:
            fault = "there is no such file"
        except (OSError, ValueError, RuntimeError) as error:
            fault = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        if fault:
            raise fail(shown_as, fault)
        digest = hashlib.sha256(raw).hexdigest()
        self.sources[name] = Source(path=name, sha256=digest, content=raw)
        return raw

    def _unreadable(self, path: Path, *, inside: bool) -> str:
        """Say why a file must not be read; nothing when it may."""
        if inside and not path.is_relative_to(self.root.resolve()):
            return "lies outside the scenario's folder"
        if path.is_dir():
            return "is a folder, not a file"
        if path.exists() and not path.is_file():
            return "is no ordinary file"
        too_large = path.stat().st_size > MOST_FILE_BYTES
        return f"too large, over {MOST_FILE_BYTES} bytes" if too_large else ""

    def document(self, name: str) -> Document:
        """Read a YAML file of the scenario."""
        return parse_document(self.read(name), self.shown(name))

    def plans(self) -> dict[str, str]:
        """Name the plan files, in order of name, ``base`` first."""
        if self.single:
            return {}
        names = {
            unicodedata.normalize("NFC", path.stem): f"plans/{path.name}"
            for path in sorted((self.root / "plans").glob("*.yaml"))
            if path.name[0] != "."
        }
        return {name: names[name] for name in sorted(names, key=_base_first)}

    def misnamed(self) -> Iterator[Problem]:
        """Find plan files whose names do not do for plans."""
        for name, path in self.plans().items():
            try:
                name_of(name)
            except ValueError as error:
                yield Problem(file=self.shown(path), text=str(error))
        others = [] if self.single else sorted((self.root / "plans").glob("*.*"))
        for other in others:
            if other.suffix.lower() in (".yml", ".yaml") and other.suffix != ".yaml":
                text = "the name of a plan file must end in .yaml"
                yield Problem(file=self.shown(f"plans/{other.name}"), text=text)


def _base_first(name: str) -> tuple[bool, str]:
    return name != BASE, name


def bundled() -> dict[str, Path]:
    """Name the scenarios of the library, with their folders."""
    return {
        path.parent.name: path.parent
        for path in sorted(LIBRARY.glob("*/scenario.yaml"))
    }


def find(name: str | Path) -> Path:
    """Find a scenario by path, or by name in the library.

    Raises
    ------
    ScenarioError
        When there is none.
    """
    path = Path(name)
    try:
        if path.is_file() or (path / "scenario.yaml").is_file():
            return path
        folder = path.is_dir()
    except OSError as error:
        raise fail(shown(str(name)), f"cannot be read: {error.strerror}") from None
    if str(name) in bundled():
        return bundled()[str(name)]
    if folder:
        raise fail(str(path), "the folder holds no scenario.yaml")
    known = allowed(list(bundled()), str(name))
    raise fail(str(name), f"no such scenario: neither a path nor bundled; {known}")
