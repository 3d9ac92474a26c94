"""Reads and joins the content files."""

from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from motions.content import read_yaml, validate
from motions.names import PUBLISHED, TABLE
from motions.playbook.models import Benchmark, GrowthMotions, MetricTable, Motion, Playbook, Readiness, Roadmap, Source

CONTENT = Path(__file__).parent / "content"
MOTION_FILES = tuple(motion.content for motion in TABLE if motion.id in PUBLISHED)

_Model = TypeVar("_Model", bound=BaseModel)


@cache
def load_playbook(folder: Path = CONTENT) -> Playbook:
    """Read and validate all content of `folder`. Raises ContentError naming file, key and repair."""
    motions = sorted((_load(folder / name, Motion) for name in MOTION_FILES), key=lambda motion: motion.order)
    sources = tuple(
        validate(entry, Source, "sources.yaml", f"sources.{number}.")
        for number, entry in enumerate(read_yaml(folder / "sources.yaml").get("sources", []))
    )
    parts = {
        "sources": sources,
        "motions": tuple(motions),
        "growth": _load(folder / "growth_motions.yaml", GrowthMotions),
        "readiness": _load(folder / "readiness.yaml", Readiness),
        "roadmap": _load(folder / "roadmap.yaml", Roadmap),
        "metrics": _load(folder / "metrics.yaml", MetricTable),
    }
    return validate(parts, Playbook, "sources.yaml")


@cache
def load_benchmarks(folder: Path = CONTENT) -> tuple[Benchmark, ...]:
    """Read the reference figures. Raises ContentError naming file, key and repair."""
    return tuple(
        validate(entry, Benchmark, "benchmarks.yaml", f"benchmarks.{number}.")
        for number, entry in enumerate(read_yaml(folder / "benchmarks.yaml").get("benchmarks", []))
    )


def _load(path: Path, model: type[_Model]) -> _Model:
    return validate(read_yaml(path), model, path.name)
