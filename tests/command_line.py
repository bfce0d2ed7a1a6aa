"""The command line as a user runs it, in a process of its own."""

import os
import subprocess
import sys

COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"


def dudao(*arguments, **environment):
    """Run the command line as a user does; return the finished process."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
