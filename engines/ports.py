"""Is a port free, and which setting moves it when it is not?"""

from __future__ import annotations

import socket
from collections.abc import Mapping


class PortTaken(RuntimeError):
    """Something else listens on a port of ours; the message names the setting that moves it."""

    def __init__(self, setting: str, port: int) -> None:
        self.setting, self.port = f"STARLING_{setting.upper()}", port
        super().__init__(
            f"port {port} is taken by another program: end it, or set {self.setting} to a free port"
        )


def require_free(host: str, ports: Mapping[str, int]) -> None:
    """Raises `PortTaken` for the first of `{setting: port}` on which something listens."""
    for setting, port in ports.items():
        with socket.socket() as probe:
            # A connection left waiting by a server that just ended does not count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as taken:
                raise PortTaken(setting, port) from taken
