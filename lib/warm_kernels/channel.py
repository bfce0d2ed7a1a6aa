"""Messages between a kernel that runs cells and the one client it runs them for, over a socket.

A message is some parts of bytes. What was sent is received, also when its sender has ended since.
"""

import socket
import struct
from collections.abc import Iterator, Sequence

_NUMBER = struct.Struct("<Q")
_AT_ONCE = 2**18  # bytes that are read before time and size are looked at again


def send(end: socket.socket, parts: Sequence[bytes]) -> None:
    """Send one message; waits while the other side does not read."""
    lengths = [_NUMBER.pack(len(part)) for part in parts]
    end.sendall(b"".join((_NUMBER.pack(len(parts)), *lengths, *parts)))


class Received:
    """What arrives at one end of a socket, by whole messages.

    is_empty: the last time, nothing had arrived. is_over: nothing more will come.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end, self._bytes = end, bytearray()
        self.is_empty = self.is_over = False

    def read(self) -> Iterator[list[bytes]]:
        """Yield the messages that are there, without waiting for more."""
        self.is_empty = True
        try:
            arrived = self._end.recv(_AT_ONCE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        self.is_over = self.is_empty = not arrived
        self._bytes += arrived
        position = 0
        for message, position in self._whole():
            yield message
        del self._bytes[:position]

    def _whole(self) -> Iterator[tuple[list[bytes], int]]:
        """Yield every message that has arrived whole, and where the next one begins."""
        position, known = 0, len(self._bytes)
        while known - position >= _NUMBER.size:
            (count,) = _NUMBER.unpack_from(self._bytes, position)
            start = position + _NUMBER.size * (1 + count)
            if known < start:
                return
            lengths = struct.unpack_from(f"<{count}Q", self._bytes, position + _NUMBER.size)
            if known < start + sum(lengths):
                return
            parts = []
            for length in lengths:
                parts.append(bytes(self._bytes[start : start + length]))
                start += length
            position = start
            yield parts, position
