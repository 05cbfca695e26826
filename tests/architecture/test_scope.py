"""Look-ups of records begin with the viewer."""

import re
from pathlib import Path

from django.apps import apps

from fde_portal.accounts.scoping import ScopedModel

ROOT = Path(__file__).parents[2]
SCOPED = {model.__name__ for model in apps.get_models() if issubclass(model, ScopedModel)}
# Behind a link nobody signs in: its own share is the scope.
BEHIND_A_LINK = {("engagements/views/answers.py", "Response")}


def test_no_view_looks_a_record_up_past_its_scope() -> None:
    files = [path for folder in ("customers", "engagements", "fde_portal") for path in (ROOT / folder).rglob("*.py")]
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files
        for name in re.findall(r"get_object_or_404\((\w+)(?:\.objects)?,", path.read_text())
    }
    assert {(path, name) for path, name in named if name in SCOPED} == BEHIND_A_LINK
