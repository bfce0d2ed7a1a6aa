"""Printed text without a wait for nothing."""

from ipykernel.iostream import OutStream as _OutStream


class OutStream(_OutStream):
    """ipykernel's stream; where nothing is to be sent, a flush wakes no thread and awaits none.

    A kernel flushes both streams several times per cell. What the thread of outputs has taken and
    not yet sent is waited for, so that nothing overtakes it.
    """

    _is_sending = False

    def _flush(self) -> None:
        self._is_sending = True  # before the text is taken, until it is handed over
        try:
            super()._flush()
        finally:
            self._is_sending = False

    def flush(self) -> None:
        """Send what was printed, if anything was."""
        with self._buffer_lock:
            printed = any(buffer.tell() for buffer in self._buffers.values())
        if printed or self._is_sending:
            super().flush()
