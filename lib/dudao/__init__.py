"""dudao: reproducible self-evaluation of county governments' duties in education."""

from importlib.metadata import version

__version__ = version("dudao")
