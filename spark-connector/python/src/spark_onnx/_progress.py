"""How far the queries of a block are, as Spark's own web UI knows it."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TextIO
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pyspark.sql import SparkSession

_SCORED_ROWS = "number of scored rows"
_LAST_EVENTS = 3.0  # seconds that the web UI may take to hear of the end


@dataclass(frozen=True)
class Work:
    """What was done in some seconds, and how much there is to do.

    Attributes
    ----------
    rows
        given to models
    expected
        rows that there are, None while nobody knows
    tasks, all_tasks
        that ended, and of the jobs that were started
    seconds
        since the first query began
    running
        whether a query goes on

    """

    rows: int
    expected: int | None
    tasks: int
    all_tasks: int
    seconds: float
    running: bool

    @property
    def share(self) -> float:
        """What is done of all, between 0 and 1."""
        if not self.running:
            return 1.0
        if self.expected:
            return min(1.0, self.rows / self.expected)
        return self.tasks / self.all_tasks if self.all_tasks else 0.0

    def text(self) -> str:
        """Rows, rows/s and the time that is left, or the time that it took when all is done."""
        rate = self.rows / self.seconds if self.seconds else 0.0
        line = f"{self.rows:,} rows, {rate:,.0f} rows/s"
        if not self.running:
            return f"{line}, {_duration(self.seconds)}"
        if self.share > 0:
            left = self.seconds * (1 - self.share) / self.share
            return f"{line}, {_duration(left)} left"
        return line


class progress:  # noqa: N801, read as a statement
    """Shows how far queries are while they run: rows, rows/s, time left.

    In a notebook as a bar, in a terminal as a line of standard error, elsewhere not at all. What is
    shown comes from the web UI, which the session must have; executors report there with their
    heartbeats, so ``spark.executor.heartbeatInterval`` says how often the rows grow.

    Parameters
    ----------
    spark
        the session; for one of Spark Connect ``ui`` is needed, and what all clients run is shown
    rows
        how many rows will be scored, if that is known; else the time left follows from tasks
    ui
        address of the web UI, instead of the session's own
    every
        seconds between two looks

    Raises
    ------
    ValueError
        if there is no web UI

    Examples
    --------
    >>> with progress(spark, rows=2_000_000):
    ...     df.withColumn("p", onnx_predict(model, "x")).write.parquet("scored")

    """

    def __init__(
        self,
        spark: SparkSession,
        rows: int | None = None,
        *,
        ui: str | None = None,
        every: float = 0.5,
    ) -> None:
        address = ui or getattr(getattr(spark, "sparkContext", None), "uiWebUrl", None)
        if address is None:
            message = "the session has no web UI; name its address as ui"
            raise ValueError(message)
        self._queries = _Queries(address)
        self._rows = rows
        self._every = every
        self._display = _display()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> progress:
        self._queries.forget_all()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        limit = time.monotonic() + _LAST_EVENTS
        while self._show() and time.monotonic() < limit:
            time.sleep(0.1)
        self._display.end()

    @property
    def work(self) -> Work:
        """What was done so far."""
        return self._queries.work(self._rows)

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            self._show()

    def _show(self) -> bool:
        """Whether queries go on."""
        try:
            work = self.work
        except OSError:
            return True  # an application that is busy or ends; the next look may be answered
        if work.all_tasks:
            self._display.show(work)
        return work.running


class _Queries:
    """The queries of an application that began after a point in time, by Spark's REST API."""

    def __init__(self, ui: str) -> None:
        api = f"{ui.rstrip('/')}/api/v1/applications"
        self._api = f"{api}/{_get(api)[0]['id']}"
        self._before = -1
        self._ended: dict[int, _Query] = {}

    def forget_all(self) -> None:
        self._before = max((query["id"] for query in self._all()), default=-1)
        self._ended.clear()

    def work(self, expected: int | None) -> Work:
        queries = [self._of(query) for query in self._all() if query["id"] > self._before]
        end = max((query.end for query in queries), default=0.0)
        return Work(
            sum(query.rows for query in queries),
            expected,
            sum(query.tasks for query in queries),
            sum(query.all_tasks for query in queries),
            end - min((query.start for query in queries), default=0.0),
            any(query.running for query in queries),
        )

    def _all(self) -> list[dict[str, Any]]:
        queries: list[dict[str, Any]] = _get(f"{self._api}/sql?details=false&length=1000000")
        return queries

    def _of(self, listed: dict[str, Any]) -> _Query:
        number = listed["id"]
        if number in self._ended:
            return self._ended[number]
        query = self._read(number)
        if not query.running:
            self._ended[number] = query
        return query

    def _read(self, number: int) -> _Query:
        query = _get(f"{self._api}/sql/{number}?details=true&planDescription=false")
        jobs = [_get(f"{self._api}/jobs/{job}") for job in _jobs(query)]
        start = datetime.strptime(query["submissionTime"], "%Y-%m-%dT%H:%M:%S.%fGMT").timestamp()
        return _Query(
            sum(
                int(metric["value"].replace(",", ""))
                for node in query["nodes"]
                for metric in node["metrics"]
                if metric["name"] == _SCORED_ROWS
            ),
            sum(job["numCompletedTasks"] + job["numSkippedTasks"] for job in jobs),
            sum(job["numTasks"] for job in jobs),
            start,
            start + query["duration"] / 1000,
            query["status"] == "RUNNING",
        )


@dataclass(frozen=True)
class _Query:
    rows: int
    tasks: int
    all_tasks: int
    start: float
    end: float
    running: bool


def _jobs(query: dict[str, Any]) -> list[int]:
    return [*query["successJobIds"], *query["runningJobIds"], *query["failedJobIds"]]


def _get(address: str) -> Any:  # noqa: ANN401, JSON
    with urlopen(address, timeout=5) as answer:
        return json.load(answer)


class _Display(Protocol):
    def show(self, work: Work) -> None: ...

    def end(self) -> None: ...


class _Nowhere:
    def show(self, work: Work) -> None:
        pass

    def end(self) -> None:
        pass


class _Terminal:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._width = 0

    def show(self, work: Work) -> None:
        line = f"{100 * work.share:3.0f} %  {work.text()}"
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def end(self) -> None:
        if self._width:
            self._stream.write("\n")


class _Notebook:
    def __init__(self, display: Callable[..., Any], html: Callable[[str], object]) -> None:
        self._display = display
        self._html = html
        self._handle: Any = None

    def show(self, work: Work) -> None:
        bar = (
            f'<div style="display: flex; gap: 12px; align-items: center">'
            f'<progress value="{work.share:.4f}" max="1" style="width: 240px"></progress>'
            f"<span>{work.text()}</span></div>"
        )
        if self._handle is None:
            self._handle = self._display(self._html(bar), display_id=True)
        else:
            self._handle.update(self._html(bar))

    def end(self) -> None:
        pass


def _display() -> _Display:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        page = import_module("IPython.display")
        return _Notebook(page.display, page.HTML)
    return _Terminal(sys.stderr) if sys.stderr.isatty() else _Nowhere()


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"
