"""papermill, loaded without pyarrow, with which it could read notebooks from Hadoop."""

import sys

_is_absent = "pyarrow" not in sys.modules
if _is_absent:
    sys.modules["pyarrow"] = None  # papermill takes it as not installed
import papermill  # noqa: E402, F401

if _is_absent:
    del sys.modules["pyarrow"]
