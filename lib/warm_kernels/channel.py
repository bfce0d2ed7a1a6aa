"""Messages between a kernel that runs cells and the one client it runs them for, over a socket.

A message is some parts of bytes. What was sent is received, also when its sender has ended since.
"""

import socket
import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise

_AT_ONCE = 2**18  # bytes that are read before time and size are looked at again


def send(end: socket.socket, parts: Sequence[bytes]) -> None:
    """Send one message, its number of parts and their lengths first; waits for who is slow."""
    lengths = [len(part) for part in parts]
    end.sendall(struct.pack(f"<Q{len(parts)}Q", len(parts), *lengths) + b"".join(parts))


class Received:
    """What arrives at one end of a socket, by whole messages.

    is_empty: the last time, nothing had arrived. is_over: nothing more will come.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end, self._bytes = end, bytearray()
        self.is_empty = self.is_over = False

    def read(self) -> list[list[bytes]]:
        """Return the messages that are there whole, without waiting for more."""
        self.is_empty = True
        try:
            arrived = self._end.recv(_AT_ONCE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError:
            arrived = b""
        self.is_over = self.is_empty = not arrived
        self._bytes += arrived
        messages, start = [], 0
        while borders := _borders(self._bytes, start):
            messages.append([bytes(self._bytes[low:high]) for low, high in pairwise(borders)])
            start = borders[-1]
        del self._bytes[:start]
        return messages


def _borders(arrived: bytearray, start: int) -> list[int]:
    """Return where the parts of the message at a place begin and end; empty if it is not whole."""
    if len(arrived) < start + 8:
        return []
    (count,) = struct.unpack_from("<Q", arrived, start)
    first = start + 8 * (1 + count)
    if len(arrived) < first:
        return []
    lengths = struct.unpack_from(f"<{count}Q", arrived, start + 8)
    borders = [*accumulate(lengths, initial=first)]
    return borders if borders[-1] <= len(arrived) else []
