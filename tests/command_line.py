"""The command line as tests call it: in this process, or as a user runs it, in one of its own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from dudao_pipeline.cli import main

COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"


def dudao(*arguments, **environment):
    """Run a command in this process, which has loaded what commands need; return how it ended.

    Where the process itself is what matters (another interpreter, library, user or language), use
    `dudao_process`.
    """
    said, complained = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        redirect_stdout(said),
        redirect_stderr(complained),
    ):
        try:
            code = main(list(arguments))
        except SystemExit as refused:  # by the reader of arguments
            code = refused.code
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), complained.getvalue())


def dudao_process(*arguments, **environment):
    """Run the command line as a user does; return the finished process."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
