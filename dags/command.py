"""How does a DAG run one of the platform's commands, in the environment it belongs to?

Airflow's own environment holds neither Spark nor the lake's libraries: a task starts
`python -m <module>` with the interpreter of another environment, which `engines/airflow.py` names
in `STARLING_PYTHON_<ENVIRONMENT>`. What a command prints is the task's log; when its last word is
a JSON object, that is the task's result and the `extra` of the asset events it causes.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from dags import alarms

REPOSITORY = Path(__file__).resolve().parent.parent
RAISED = re.compile(r"^[A-Za-z_][\w.]*: .+")  # a traceback's last line: `module.Error: what`
DATA_FAULT = 65  # sysexits' EX_DATAERR: the data is at fault, so no retry can help
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG

DEFAULTS: dict[str, Any] = {
    "owner": "starling",
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 3,  # 10 s, 30 s, 90 s: outlives the restart of a server
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=45),  # an hourly run must not hang into the next one
    "on_failure_callback": alarms.failed,
}


class CommandFailed(AirflowException):
    """A command ended badly; the message is what it raised."""


class DataAtFault(AirflowFailException):
    """A command refused the data, so the task fails without retries; the message says which."""


class Command(BaseOperator):
    """Runs `python -m module arguments` of an environment (`app` or `batch`), once, to its end.

    A Spark command waits for the one slot of the pool `spark`: two would starve a small machine.
    The outlets' events belong to the partition (the epoch `through`) that the command's result
    names, else to that of the run.
    """

    template_fields = ("arguments",)

    def __init__(
        self,
        *,
        module: str,
        environment: str = "batch",
        arguments: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("pool", "spark" if environment == "batch" else "default_pool")
        super().__init__(**kwargs)
        self.custom_operator_name = module  # what the graph shows under the task's name
        self.module = module
        self.environment = environment
        self.arguments = list(arguments)

    def execute(self, context: Context) -> dict[str, Any]:
        python = Path(os.environ[f"STARLING_PYTHON_{self.environment.upper()}"])
        command = [str(python), "-m", self.module, *self.arguments]
        self.log.info("running %s", " ".join(command))
        # Stays in the task's process group, which Airflow ends as a whole when a task is killed.
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            # Spark's Python workers are whatever `python3` comes first.
            env={**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=_die_with_parent,
        )
        result, reason = self._follow(process)
        if code := process.wait():
            failure = DataAtFault if code == DATA_FAULT else CommandFailed
            if code < 0:
                reason = f"killed by {signal.Signals(-code).name}"
            reason = reason.removeprefix(f"{self.module}: ")
            raise failure(f"{reason} ({self.module} ended with {code})")
        for outlet in self.outlets:
            event = context["outlet_events"][outlet]
            event.extra.update(result)
            if "through" in result:
                event.add_partitions(str(result["through"]))
        return result

    def _follow(self, process: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
        """Logs what the command says; returns its result and, should it fail, what it raised."""
        result: dict[str, Any] = {}
        reason = "it said nothing"
        assert process.stdout is not None
        for line in map(str.rstrip, process.stdout):
            self.log.info("%s", line)
            if line.startswith("{"):
                result = _object(line)
            elif RAISED.match(line):
                reason = line
        return result, reason

    def on_kill(self) -> None:
        self.log.warning("killed: %s ends with the task and can be run again", self.module)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return {}  # a line of some log that opens with a brace
    return value if isinstance(value, dict) else {}


def _die_with_parent() -> None:
    """Linux ends the command even when its task is killed outright, so no retry runs beside it."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
