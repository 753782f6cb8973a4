"""Where a log is read from: a folder of files, or a server of HTTP."""

import http.client
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from waybill.verifier.faults import UnreadableError

MAX_FILE_BYTES: Final = 1 << 25
"""More than the largest bundle: 256 entries of 64 KiB."""
TIMEOUT_S: Final = 30.0
WAITS_S: Final = (0.2, 1.0, 5.0)
"""How long to wait before each further attempt at a server that does not answer."""
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class AbsentError(Exception):
    """There is no such file: said by the source itself, not by a failure to ask."""


class Source(Protocol):
    """Files of one log by their address below it, such as `checkpoint` or `tile/0/000`."""

    @property
    def address(self) -> str:
        """What the log is remembered under."""
        ...

    @property
    def readers(self) -> int:
        """How many files are worth reading at once."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file.

        Raises:
            AbsentError: the source has no such file.
            UnreadableError: it could not be asked.
        """
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class FolderSource:
    """A folder as `waybill log export` writes it."""

    readers = 1

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UnreadableError(f"没有目录 {folder}。", f"There is no folder {folder}.")
        self._folder = folder.resolve()
        self.address = str(self._folder)

    def read(self, path: str) -> bytes:
        """Return a file of the folder."""
        try:
            with (self._folder / path).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise AbsentError(path) from error
        except OSError as error:
            raise UnreadableError(f"{path} 无法读取：{error}", f"{path}: {error}") from error
        return _refuse_long(path, content)

    def close(self) -> None:
        """Nothing is held open."""


class HttpSource:
    """A server. Connections are kept and shared; what fails in passing is asked again."""

    readers = 8

    def __init__(self, address: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise UnreadableError(
                f"{address} 不是 http 或 https 地址。", f"{address} is no http or https address."
            )
        self._https = parts.scheme == "https"
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path
        self._sleep = sleep
        self._idle: list[http.client.HTTPConnection] = []

    def read(self, path: str) -> bytes:
        """Return a file of the server."""
        seen = ""
        for wait in (0.0, *WAITS_S):
            if wait:
                self._sleep(wait)
            try:
                status, content = self._ask(path)
            except (OSError, http.client.HTTPException) as error:
                seen = str(error) or type(error).__name__
                continue
            if status == http.client.OK:
                return _refuse_long(path, content)
            if status in {http.client.NOT_FOUND, http.client.GONE}:
                raise AbsentError(path)
            seen = f"HTTP {status}"
            if status not in _AGAIN:
                break
        raise UnreadableError(
            f"{self.address}/{path} 无法读取：{seen}", f"{self.address}/{path}: {seen}"
        )

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._idle.pop().close()

    def _ask(self, path: str) -> tuple[int, bytes]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            connection.request("GET", f"{self._prefix}/{quote(path)}")
            answer = connection.getresponse()
            content = answer.read(MAX_FILE_BYTES + 1)
        except BaseException:
            connection.close()
            raise
        if len(content) > MAX_FILE_BYTES:
            connection.close()
        else:
            self._idle.append(connection)
        return answer.status, content

    def _connect(self) -> http.client.HTTPConnection:
        if self._https:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=TIMEOUT_S, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)


def open_source(address: str) -> Source:
    """Return the source that an address or the path of a folder names.

    Raises:
        UnreadableError: it is neither.
    """
    if "://" in address:
        return HttpSource(address)
    return FolderSource(Path(address))


def _refuse_long(path: str, content: bytes) -> bytes:
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableError(f"{path} 过大。", f"{path} is larger than any file of a log.")
    return content
