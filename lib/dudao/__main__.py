"""`python -m dudao` is the command `dudao`, found by its entry point: nothing here imports it."""

import sys
from importlib.metadata import entry_points

if __name__ == "__main__":
    (command,) = entry_points(group="console_scripts", name="dudao")
    sys.exit(command.load()())
