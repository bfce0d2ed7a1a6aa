"""What the owner of a zygote and the zygote say to each other: one message per kernel."""

import json
import socket
from dataclasses import asdict, dataclass

READY = b"ready"
LARGEST = 150_000  # bytes; a message is never split


@dataclass(frozen=True)
class KernelRequest:
    """A kernel to fork: its command's arguments after the interpreter's, environment, folder."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str

    def send(self, control: socket.socket, descriptors: list[int]) -> None:
        """Send the request with the status socket, two output streams, a channel if any."""
        text = json.dumps(asdict(self)).encode()
        if len(text) > LARGEST:
            raise OSError("the environment does not fit into one message")
        socket.send_fds(control, [text], descriptors)


def receive(control: socket.socket) -> tuple[KernelRequest, list[int]] | None:
    """Return the next request and its descriptors; None when the owner is gone."""
    text, descriptors, _, _ = socket.recv_fds(control, LARGEST, 4)
    if not text:
        return None
    content = json.loads(text)
    request = KernelRequest(tuple(content["arguments"]), content["environment"], content["folder"])
    return request, descriptors
