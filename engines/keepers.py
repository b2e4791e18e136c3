"""How is one part of the platform brought up, kept up and taken down?

Each server and each step has a keeper, a thread of the supervisor. Keepers know each other only
through the board: a part waits there for what it needs, and at the end for those that need it.
"""

from __future__ import annotations

import re
import subprocess
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from engines import processes
from engines.ports import require_free
from engines.provision import STEPS, Step
from engines.server import Command, NotHealthy, Server
from engines.status import Board
from settings import Settings

CHECK_SECONDS = 10  # between two health checks of a healthy server
SOUND_SECONDS = 60  # healthy for so long, a part's former failures are forgotten

log = structlog.get_logger()


class Died(RuntimeError):
    """A process ended that should run for ever."""


class Run:
    """What the keepers of one run share."""

    def __init__(self, settings: Settings, board: Board, needed_by: dict[str, set[str]]) -> None:
        self.settings, self.board, self.needed_by = settings, board, needed_by
        self.steps = {step.name for step in STEPS}
        self.generation = dict.fromkeys(needed_by, 0)  # how often a part came up
        self.nudges = 0  # how often someone asked to look again at once
        self.ending = threading.Event()

    @property
    def stopping(self) -> bool:
        return self.ending.is_set()

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Waits until the board says so; False when the time is over or the run is stopping."""
        with self.board.changed:
            self.board.changed.wait_for(lambda: self.stopping or until(), seconds)
            return until() and not self.stopping

    def pause(self, seconds: float) -> bool:
        """Waits so long, or until the run is stopping. Says whether it is."""
        return self.ending.wait(seconds)

    def look_again(self) -> None:
        with self.board.changed:
            self.nudges += 1
            self.board.status.looked_at = time.time()
            self.outdate(self.needed_by)

    def stop(self) -> None:
        with self.board.changed:
            self.ending.set()
            self.board.changed.notify_all()

    def outdate(self, names: Iterable[str]) -> None:
        """Steps among `names` have to run again: until then they are not healthy."""
        with self.board.changed:
            for name in names:
                if name in self.steps and self.state(name) == "healthy":
                    self.board.set(name, state="waiting")
            self.board.write()

    def state(self, name: str) -> str:
        return self.board.status.parts[name].state


class Keeper(threading.Thread):
    def __init__(self, part: Server | Step, run: Run) -> None:
        super().__init__(name=part.name, daemon=True)
        self.part_name, self.needs, self.run_ = part.name, part.needs, run
        self.running: dict[str, tuple[Command, subprocess.Popen[bytes]]] = {}

    @abstractmethod
    def bring_up(self) -> None:
        """Returns when the part is healthy; raises why it is not."""

    @abstractmethod
    def keep(self) -> None:
        """Returns when the part must be brought up again, or the run is stopping."""

    def run(self) -> None:
        run = self.run_
        if run.wait(lambda: all(run.state(need) == "healthy" for need in self.needs)):
            while not run.stopping:
                try:
                    self.bring_up()
                    self.came_up()
                    self.keep()
                except Exception as error:  # whatever it is, it is shown and tried again
                    self.went_down(error)
        others = run.needed_by[self.part_name]
        with run.board.changed:
            run.board.changed.wait_for(lambda: all(run.state(o) == "stopped" for o in others))
        self.stop_all()
        self.set(state="stopped", why="")

    def set(self, **changes: object) -> None:
        self.run_.board.set(self.part_name, **changes)

    def came_up(self) -> None:
        run = self.run_
        if run.stopping:
            return
        with run.board.changed:
            run.generation[self.part_name] += 1
            run.outdate(run.needed_by[self.part_name])
            self.set(state="healthy", why="")
        log.info("healthy", part=self.part_name)

    def went_down(self, error: Exception) -> None:
        """Says why, and waits before the next try: 1 s, 2 s, 4 s, at most a minute."""
        part = self.run_.board.status.parts[self.part_name]
        delay = min(60, 2**part.failures)
        died = isinstance(error, Died)
        self.set(state="failed", why=str(error), failures=part.failures + 1)
        self.set(restarts=part.restarts + died)
        log.error("down", part=self.part_name, why=str(error), next_try_in_s=delay)
        if not died:
            self.stop_all()
        nudges = self.run_.nudges
        self.run_.wait(lambda: self.run_.nudges != nudges, delay)

    def judge(self, check: Callable[[Settings], None]) -> None:
        """Asks whether what came up is well. It is left to recover; the status says why it is not.

        A step that has to run again meanwhile waits for that, whatever the answer.
        """
        seen, why = self.run_.state(self.part_name), ""
        try:
            check(self.run_.settings)
        except Exception as error:  # whatever it is, it is shown
            why = str(error) or type(error).__name__
            log.warning("unhealthy", part=self.part_name, why=why)
        with self.run_.board.changed:
            if self.run_.state(self.part_name) == seen:
                self.set(state="unhealthy" if why else "healthy", why=why)

    def start_process(self, command: Command) -> None:
        state_dir = self.run_.settings.state_dir
        processes.kill(processes.marked(state_dir, command.name))  # children it left when it died
        self.running[command.name] = (command, processes.start(command, state_dir))
        self.set(pids={name: process.pid for name, (_, process) in self.running.items()})

    def stop_all(self) -> None:
        for command, process in reversed(self.running.values()):
            processes.stop(process, command)
        self.running.clear()
        self.set(pids={})


class ServerKeeper(Keeper):
    def __init__(self, server: Server, run: Run) -> None:
        super().__init__(server, run)
        self.server = server

    def alive(self, command: Command) -> bool:
        return command.name in self.running and self.running[command.name][1].poll() is None

    def bring_up(self) -> None:
        self.set(state="fetching")
        self.server.fetch()
        self.set(state="starting")
        if not any(self.alive(command) for command in self.server.commands()):
            require_free(self.run_.settings.host, self.server.ports())
            self.server.configure()
        for command in self.server.commands():
            if not self.alive(command):
                self.start_process(command)
        self.await_health()

    def await_health(self) -> None:
        deadline = time.monotonic() + self.server.start_seconds
        while not self.run_.pause(0.5):
            self.require_alive()
            try:
                self.server.check()
                return
            except Exception as error:  # not yet; at the deadline this is the reason given
                self.set(why=str(error))
                if time.monotonic() > deadline:
                    waited = f"not healthy after {self.server.start_seconds:.0f} s"
                    raise NotHealthy(f"{waited}: {error}") from error

    def keep(self) -> None:
        came_up = checked = time.monotonic()
        while not self.run_.pause(0.5):
            self.require_alive()
            now = time.monotonic()
            if now - checked > CHECK_SECONDS:
                checked = now
                self.judge(lambda _: self.server.check())
            if (
                now - came_up > SOUND_SECONDS
                and self.run_.board.status.parts[self.part_name].failures
            ):
                self.set(failures=0)

    def require_alive(self) -> None:
        for name, (_, process) in self.running.items():
            if process.poll() is not None:
                log_file = processes.log_of(name, self.run_.settings.state_dir)
                raise Died(f"{name} died ({ended(process.returncode)}), see {log_file}")


class StepKeeper(Keeper):
    def __init__(self, step: Step, run: Run) -> None:
        super().__init__(step, run)
        self.step = step

    def bring_up(self) -> None:
        self.seen = self.occasion()
        self.set(state="starting")
        command = self.step.command(self.run_.settings)
        self.start_process(command)
        process = self.running[command.name][1]
        while process.poll() is None and not self.run_.pause(0.2):
            pass
        if process.returncode and not self.run_.stopping:
            log_file = processes.log_of(command.name, self.run_.settings.state_dir)
            raise NotHealthy(f"{ended(process.returncode)}: {reason(log_file)} (see {log_file})")

    def keep(self) -> None:
        self.running.clear()
        self.set(pids={}, failures=0)
        while not self.run_.wait(self.should_run_again, CHECK_SECONDS) and not self.run_.stopping:
            if self.step.check and self.needs_healthy():
                self.judge(self.step.check)

    def should_run_again(self) -> bool:
        return self.occasion() != self.seen and self.needs_healthy()

    def needs_healthy(self) -> bool:
        return all(self.run_.state(need) == "healthy" for need in self.needs)

    def occasion(self) -> tuple[int, ...]:
        """Changes when the step should run again."""
        return (self.run_.nudges, *(self.run_.generation[need] for need in self.needs))


def reason(log_file: Path) -> str:
    """The last line that names an error, as Python and Java both write it; else the last line."""
    lines = log_file.read_text(errors="replace").strip().splitlines()[-400:]
    named = [line for line in lines if re.match(r"(Caused by: )?[\w.$]+(Error|Exception)\b", line)]
    return (named or lines or [""])[-1]


def ended(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit {returncode}"
