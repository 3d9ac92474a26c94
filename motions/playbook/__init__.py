"""What the playbook says, as data: `models` is the shape, `content/` the words, `load` joins them."""

from motions.playbook.load import load_benchmarks, load_playbook
from motions.playbook.models import ATTRIBUTES, Attribute, Basis, Figure, Motion, Playbook

__all__ = ["ATTRIBUTES", "Attribute", "Basis", "Figure", "Motion", "Playbook", "load_benchmarks", "load_playbook"]
