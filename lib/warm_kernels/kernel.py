"""A kernel that refuses, for a moment after an error, what was asked for together with it.

ipykernel has the option `stop_on_error_timeout` for this. Since version 7 a thread of its own
reads the requests, and the option has no effect: cells of one "run all" that are still on their
way when a cell fails run all the same.
"""

from ipykernel.ipkernel import IPythonKernel


class Kernel(IPythonKernel):
    """IPython's kernel with the option `stop_on_error_timeout` (seconds) in force again."""

    def _post_dummy_stop_aborting_message(self, subshell_id: str | None) -> None:
        """End the refusal after the time of the option; runs in the thread that reads requests."""
        end = super()._post_dummy_stop_aborting_message
        self.shell_channel_thread.io_loop.call_later(self.stop_on_error_timeout, end, subshell_id)
