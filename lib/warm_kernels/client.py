"""papermill's client for a kernel that was forked to run cells.

What is done with a message stays nbclient's; only how it is asked and heard is ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Int

from warm_kernels.cell_runner import CellKernel, KernelEndedError

_PARTS = {  # of an output, by its kind
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
}


class TooMuchOutputError(Exception):
    """A cell has put out more than a notebook should hold."""


class _Printed:
    """What a cell has printed since its streams were flushed; they become outputs when they are.

    put_out: what is done with an output of a stream.
    """

    def __init__(self, request: str, put_out: Callable[[dict], object]) -> None:
        self._request, self._put_out = request, put_out
        self._texts: dict[str, list[str]] = {}

    def add(self, content: dict[str, str]) -> None:
        self._texts.setdefault(content["name"], []).append(content["text"])

    def flush(self, name: str) -> None:
        if text := "".join(self._texts.pop(name, ())):
            parent = {"msg_id": self._request}
            content = {"name": name, "text": text}
            self._put_out({"msg_type": "stream", "parent_header": parent, "content": content})

    def flush_all(self) -> None:
        for name in [*self._texts]:
            self.flush(name)


class CellsClient(PapermillNotebookClient):
    """papermill's client; the kernel is there when it begins, and stays when it ends."""

    most_output = Int(20 * 2**20, help="bytes that a cell may put out").tag(config=True)

    def __init__(self, nb_man, kernel: CellKernel, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.kernel = kernel

    def execute(self, **_: Any) -> NotebookNode:
        """Execute the cells of code; papermill's own loop also clocks those of text."""
        self.reset_execution_trackers()
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)
        self.nb.metadata["language_info"] = self.kernel.language
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Execute one cell; raises what nbclient raises."""
        tags = cell.metadata.get("tags", ())
        if not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs, self.clear_before_next_output = [], False
        self.code_cells_executed += 1
        reply = self._hear_out(self.kernel.ask(cell.source), cell, cell_index)
        if reply["content"]["status"] == "error":
            run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def _hear_out(self, request: str, cell: NotebookNode, index: int) -> dict[str, Any]:
        """Process the outputs of a request up to its end; return the reply."""
        timeout = self._get_timeout(cell)
        deadline = time.monotonic() + timeout if timeout else None
        printed = _Printed(request, lambda message: self.process_message(message, cell, index))
        size, reply = 0, {}
        try:
            while True:
                left = deadline - time.monotonic() if deadline else None
                for message in self.kernel.hear(request, left):
                    size += message["size"]
                    if size > self.most_output:
                        raise TooMuchOutputError(f"more than {self.most_output} bytes of output")
                    match message["msg_type"]:
                        case "stream":
                            printed.add(message["content"])
                        case "flush":
                            printed.flush(message["content"]["name"])
                        case "execute_reply":
                            reply = message
                        case "status":
                            return reply
                        case _:
                            self.process_message(message, cell, index)
        except TimeoutError:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", timeout, cell
            ) from None
        except KernelEndedError:
            died = DeadKernelError("Kernel died")
            died.exit_code = self.kernel.exit_code()
            raise died from None
        finally:
            printed.flush_all()

    def output(self, outs, msg, display_id, cell_index):
        """Keep a plain output as it came; nbformat would validate what ipykernel has made."""
        parts = _PARTS.get(msg["msg_type"])
        hooks = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if parts is None or display_id or hooks or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        made = NotebookNode(output_type=msg["msg_type"])
        dict.update(made, {name: msg["content"][name] for name in parts})  # as they are, within
        outs.append(made)
        return made
