"""### How are the models of moderation made anew?

Start it by hand (▶ *Trigger*). It trains from the labelled texts beside the repository
(`shared/data/moderation`) and writes a model folder below the platform's state; the task's result
says how good it is on texts that it has not seen. Where the texts are not there it says so.

Nothing is scored by the new folder before somebody has looked at the result and set
`STARLING_MODERATION_MODEL` to it. The first run makes an environment of some gigabytes.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG

from dags import alarms
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="train_moderation",
    dag_display_name="on demand: train moderation",
    description="Train what texts are scored by, and say how good it is",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    deadline=alarms.ON_DEMAND,
    default_args=DEFAULTS,
    tags=["on demand", "moderation"],
):
    Command(
        task_id="train",
        module="cli",
        environment="app",
        arguments=["train", "--run", "{{ ts_nodash }}"],
        execution_timeout=timedelta(hours=2),
        doc_md="""About twenty minutes of one core. The result is the report of the model card.

**Safe to kill and run again**: each run writes a folder of its own.""",
    )
