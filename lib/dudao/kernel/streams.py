"""Printed text without a wait for nothing."""

from __future__ import annotations

from ipykernel.iostream import OutStream as _OutStream


class OutStream(_OutStream):
    """ipykernel's stream; where nothing was printed, a flush wakes no thread and waits for none.

    A kernel flushes both streams several times per cell. Messages leave in the order in which they
    were given to the thread of outputs, so that an empty flush changes nothing.
    """

    def flush(self) -> None:
        """Send what was printed, if anything was."""
        with self._buffer_lock:
            printed = any(buffer.tell() for buffer in self._buffers.values())
        if printed:
            super().flush()
