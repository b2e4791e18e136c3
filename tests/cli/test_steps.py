"""Does a long command say truly how far it is?"""

from __future__ import annotations

import io

from rich.console import Console
from rich.progress import Progress

from cli.steps import HowMany, Steps


def shown(total: int | None, completed: int) -> str:
    progress = Progress(console=Console(file=io.StringIO()))
    id = progress.add_task("a step", total=total, completed=completed)
    return HowMany().render(progress.tasks[id]).plain.strip()


def test_a_step_says_how_many_of_how_many_where_it_knows() -> None:
    assert shown(10, 3) == "3/10"
    assert shown(None, 1_500) == "1,500"
    assert shown(None, 0) == ""


def test_a_finished_step_is_one_line_with_its_rate() -> None:
    console = Console(file=io.StringIO(), width=200)
    with Steps(console) as steps, steps.step("Count", 2) as bar:
        bar.advance(2)
        bar.note("things")
    assert "Count  2  (" in console.file.getvalue()
    assert steps.done[0].count == 2
