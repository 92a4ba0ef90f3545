"""What an unfinished run has played so far: a manifest, and a Parquet file a batch.

A part has its name only once it is whole. The same command goes on where an earlier one
stopped; another one is refused, and told what differs.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from analysis.replication import Replication, Values
from analysis.target import Judgement
from analysis.version import versions
from scenarios.problem import fail
from scenarios.scenario import Scenario

RUN = "run.json"
MOST_SHOWN = 5
_VALUE = pa.struct(
    [
        ("measure", pa.string()),
        ("within", pa.float64()),
        ("member", pa.string()),
        ("value", pa.float64()),
    ]
)
_JUDGEMENT = pa.struct(
    [
        ("target", pa.string()),
        ("measured", pa.bool_()),
        ("held", pa.bool_()),
        ("worst", pa.string()),
        ("value", pa.float64()),
        ("broken", pa.float64()),
        ("where", pa.string()),
    ]
)
_ORDER = pa.struct(
    [("order", pa.string()), ("station", pa.string()), ("minute", pa.float64())]
)
_NAMES = list(_VALUE)[:3]
_GRIDS = ("lines", "arrived", "voted")
_SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("values", pa.list_(_VALUE)),
        ("judgements", pa.list_(_JUDGEMENT)),
        ("orders", pa.list_(_ORDER)),
        ("closes", pa.list_(pa.float64())),
        ("moments", pa.int64()),
        *((name, pa.list_(pa.int32())) for name in _GRIDS),
    ]
)


class Store:
    """Keeps the replications of a run until it is finished.

    Parameters
    ----------
    folder
        Made when the first part is kept.
    identity
        What fixes the numbers; a run that differs in any of it is another one.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self._identity = json.loads(json.dumps(dict(identity)))

    @classmethod
    def of(cls, folder: Path, scenario: Scenario, plan: str, seed: int) -> Self:
        """Give the store of what is played of a scenario under a plan."""
        identity = {
            "scenario": scenario.name,
            "plan": plan,
            "seed": seed,
            "set": list(scenario.changes),
            "calls": scenario.recorded.kept(),
            "inputs": {source.path: source.sha256 for source in scenario.sources},
            "versions": versions(),
        }
        return cls(folder, identity)

    def part(self, name: str, more: Mapping[str, Any]) -> "Store":
        """Give the store of one part of a study, which has more to identify it."""
        return Store(self.folder / name, {**self._identity, **more})

    def load(self) -> list[Replication]:
        """Give what an earlier run of the same kind has played; clear its rubbish.

        Raises
        ------
        ScenarioError
            When another run was stopped here; says what differs.
        """
        if not self.folder.exists():
            return []
        self._refuse_another()
        found: dict[int, Replication] = {}
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith("."):
                path.unlink()  # never finished
            elif path.suffix == ".parquet":
                found |= {r.number: r for r in read_part(path)}
        return [found[number] for number in sorted(found)]

    def keep(self, replications: Sequence[Replication]) -> None:
        """Write a part; it appears whole or not at all."""
        if not replications:
            return
        self.open()
        sink = pa.BufferOutputStream()
        parquet.write_table(_table(replications), sink, compression="zstd")
        name = f"{min(r.number for r in replications):06d}.parquet"
        self._put(name, sink.getvalue().to_pybytes())

    def open(self) -> None:
        """Make the folder, with what it is about."""
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            text = json.dumps(self._identity, indent=2, ensure_ascii=False)
            self._put(RUN, (text + "\n").encode())

    def _put(self, name: str, content: bytes) -> None:
        partial = self.folder / f".{name}-{os.getpid()}"
        partial.write_bytes(content)
        partial.replace(self.folder / name)

    def drop(self) -> None:
        """Throw away what has been kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _refuse_another(self) -> None:
        path = self.folder / RUN
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            text = f"not what an unfinished run leaves: {error}; {_WAY_OUT}"
            raise fail(str(path), text) from None
        if not isinstance(kept, dict) or set(kept) != set(self._identity):
            raise fail(str(path), f"not what an unfinished run leaves; {_WAY_OUT}")
        differ = list(_differences(kept, self._identity))
        if differ:
            shown = "; ".join(differ[:MOST_SHOWN])
            more = len(differ) - MOST_SHOWN
            shown += f" and {more} more" if more > 0 else ""
            text = f"another run was stopped here, and differs: {shown}; {_WAY_OUT}"
            raise fail(str(self.folder), text)


_WAY_OUT = "repeat that run, choose another --out, or --fresh throws it away"


def _differences(
    kept: Mapping[str, Any], given: Mapping[str, Any], above: str = ""
) -> "list[str]":
    found: list[str] = []
    for key in sorted({*kept, *given}):
        then, now = kept.get(key), given.get(key)
        if isinstance(then, dict) and isinstance(now, dict):
            found += _differences(then, now, f"{above}{key} ")
        elif then != now:
            found.append(f"{above}{key} was {_shown(then)}, is {_shown(now)}")
    return found


def _shown(value: object) -> str:
    text = "nothing" if value in (None, "", []) else str(value)
    # A checksum says as much by its beginning.
    return f"{text[:12]}..." if len(text) == 64 else text


def _table(replications: Sequence[Replication]) -> pa.Table:
    rows = [
        {
            "number": r.number,
            "judgements": [
                {name: getattr(j, name) for name in Judgement.__slots__}
                for j in r.judgements
            ],
            "orders": [
                {"order": name, "station": station, "minute": minute}
                for name, station, minute in r.orders
            ],
            "closes": list(r.closes),
            "moments": r.lines.shape[1],
        }
        for r in replications
    ]
    long = ("values", *_GRIDS)
    narrow = pa.schema([f for f in _SCHEMA if f.name not in long])
    table = pa.Table.from_pylist(rows, schema=narrow)
    table = table.append_column(_SCHEMA.field("values"), _values(replications))
    for name in _GRIDS:
        grids = [getattr(r, name).ravel() for r in replications]
        ends = np.cumsum([0, *map(len, grids)])
        column = pa.ListArray.from_arrays(
            pa.array(ends, pa.int32()), pa.array(np.concatenate(grids), pa.int32())
        )
        table = table.append_column(_SCHEMA.field(name), column)
    return table


def _values(replications: Sequence[Replication]) -> pa.ListArray:
    """Give the measures as a column, the names of each day as often as they differ."""
    names: dict[int, list[pa.Array]] = {}
    for r in replications:
        if id(r.values.names) not in names:
            columns = [[key[i] for key in r.values.names] for i in range(len(_NAMES))]
            names[id(r.values.names)] = [
                pa.array(column, field.type)
                for column, field in zip(columns, _NAMES, strict=True)
            ]
    each = [names[id(r.values.names)] for r in replications]
    columns = [pa.concat_arrays(column) for column in zip(*each, strict=True)]
    columns.append(pa.array(np.concatenate([r.values.numbers for r in replications])))
    ends = np.cumsum([0, *(len(r.values.names) for r in replications)])
    flat = pa.StructArray.from_arrays(columns, fields=list(_VALUE))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat)


def read_part(path: Path) -> list[Replication]:
    """Read a part as it was written; one that cannot be read holds nothing.

    Parameters
    ----------
    path
        Of a file that `Store.keep` wrote.
    """
    try:
        table = parquet.read_table(path, schema=_SCHEMA)
    except (OSError, pa.ArrowException):
        return []  # cut short by the machine itself: played again
    grids = {name: table.column(name).combine_chunks() for name in _GRIDS}
    values = table.column("values").combine_chunks()
    rows = table.drop_columns(["values", *_GRIDS]).to_pylist()
    found: list[Replication] = []
    for i, row in enumerate(rows):
        grid = {name: grids[name][i].values for name in _GRIDS}
        one = _replication(row, _read_values(values[i].values), grid)
        found.append(one.like(found[-1]) if found else one)
    return found


def _read_values(rows: pa.StructArray) -> Values:
    *names, numbers = rows.flatten()
    columns = [column.to_pylist() for column in names]
    return Values(
        tuple(zip(*columns, strict=True)), np.array(numbers.to_numpy(), np.float64)
    )


def _replication(
    row: Mapping[str, Any], values: Values, grids: Mapping[str, Any]
) -> Replication:
    shape = len(row["closes"]), int(row["moments"])
    shaped = {
        name: np.array(values.to_numpy(), dtype=np.int32).reshape(shape)
        for name, values in grids.items()
    }
    return Replication(
        number=int(row["number"]),
        values=values,
        judgements=tuple(Judgement(**j) for j in row["judgements"]),
        orders=tuple((o["order"], o["station"], o["minute"]) for o in row["orders"]),
        closes=tuple(row["closes"]),
        **shaped,
    )
