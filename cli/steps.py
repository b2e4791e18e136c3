"""How does a long command show what it is doing, and how long each step took?

On a terminal a bar moves; in a log there is one line a finished step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text


@dataclass
class Step:
    """A step that runs, or ran. `count` is the number of things it went through, if it says."""

    name: str
    count: int = 0
    seconds: float = 0.0
    note: str = ""

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        things = f"{self.count:,}  ({self.rate:,.0f}/s)  " if self.count else ""
        return f"{self.name}  {things}[dim]{self.seconds:.1f} s[/]  {self.note}".rstrip()


class Bar:
    """What a running step moves."""

    def __init__(self, progress: Progress, task: TaskID, step: Step) -> None:
        self._progress, self._task, self._step = progress, task, step

    def advance(self, number: int = 1) -> None:
        self._step.count += number
        self._progress.update(self._task, completed=self._step.count)

    def reach(self, number: int) -> None:
        """So many in all; where a step learns its total late, it calls `expect` first."""
        self.advance(number - self._step.count)

    def expect(self, total: int) -> None:
        self._progress.update(self._task, total=total)

    def note(self, text: str) -> None:
        self._step.note = text
        self._progress.update(self._task, note=text)


class HowMany(MofNCompleteColumn):
    """So many of so many; of a step that does not know its end, so many, or nothing."""

    def render(self, task: Task) -> Text:
        if task.total is not None:
            return super().render(task)
        return Text(f"{int(task.completed):,}" if task.completed else "")


class Steps:
    """A context manager; `done` are the finished steps in their order."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.done: list[Step] = []
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            HowMany(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=console,
            transient=True,
        )

    def __enter__(self) -> Steps:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Bar]:
        """Runs a step under a bar; afterwards one line says how long it took, or that it failed."""
        step, started = Step(name), time.monotonic()
        task = self._progress.add_task(name, total=total, note="")
        try:
            yield Bar(self._progress, task, step)
        except BaseException:
            self.console.print(f"[red]✗[/] {name}")
            raise
        else:
            step.seconds = time.monotonic() - started
            self.done.append(step)
            self.console.print(f"[green]✓[/] {step}", highlight=False, soft_wrap=True)
        finally:
            self._progress.remove_task(task)
