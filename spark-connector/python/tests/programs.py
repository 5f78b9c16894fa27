"""Programs of Spark's full distribution."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from conftest import CONNECT_MODE, ON_THIS_HOST, SPARK_HOME

LIMIT_SECONDS = 240
# The option makes Python interactive, and so run Spark's start-up file, without a terminal.
THIS_PYTHON = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON_OPTS": "-i"}


def start(
    program: str,
    *arguments: str | Path,
    folder: Path,
    typed: str = "",
    master: str = "local[2]",
    home: Path = SPARK_HOME,
) -> str:
    """Run a program of the distribution in a folder and return what it printed.

    A client of Connect in this process does not make it one.
    """
    environment = {name: value for name, value in os.environ.items() if name != CONNECT_MODE}
    command = [str(home / "bin" / program), "--master", master]
    command += ["--conf", "spark.ui.enabled=false", *map(str, arguments)]
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment | ON_THIS_HOST | THIS_PYTHON | {"SPARK_HOME": str(home)},
        input=textwrap.dedent(typed),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout
