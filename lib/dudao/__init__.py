"""dudao: reproducible self-evaluation of county governments' duties in education."""


def __getattr__(name: str) -> str:
    """Return the version when it is asked for: to look it up costs a third of `dudao --help`."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version

    return version("dudao")
