"""What have the DAGs in common that a person starts, for one view?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import Param

from dags import alarms
from dags.command import DEFAULTS

ON_DEMAND: dict[str, Any] = {
    "schedule": None,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(hours=6),
    "deadline": alarms.ON_DEMAND,
    "default_args": DEFAULTS,
    "tags": ["on demand", "views"],
}


def one_of(views: Sequence[Any], description: str) -> Param:
    """The parameter `view`: the name of one of these."""
    names = [view.name for view in views]
    return Param(names[0], type="string", enum=names, title="View", description=description)
