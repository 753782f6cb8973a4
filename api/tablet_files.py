"""The bay tablet (`/tablet/`): a page and its files, built from `scanners/tablet` by `make tablet`.

The files are the same for everybody and hold nothing of anybody; what the page shows it fetches
from the API, with the keys of its device and the session of whoever signed on there.
"""

import re
from pathlib import Path
from typing import Final

from flask import Blueprint, current_app, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from api.auth import public
from api.responses import CONTENT_SECURITY_POLICY
from waybill.errors import NotFoundError, WaybillError

FOLDER: Final = "tablet"
POLICY: Final = (
    f"{CONTENT_SECURITY_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; manifest-src 'self'"
)
"""What reads codes is WebAssembly and runs in a worker; no other page needs either."""
TYPES: Final = {
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".js": "text/javascript",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASKED_EACH_TIME: Final = "no-cache"
_NAMED_BY_CONTENT: Final = re.compile(r"assets/.+-[\w-]{8}\.\w+")

blueprint = Blueprint("tablet_files", __name__, url_prefix="/tablet")


class TabletNotBuiltError(NotFoundError):
    """The installation has no build of the bay tablet."""

    code = "tablet-not-built"
    title_zh = "装货平板尚未构建"
    title_en = "The bay tablet is not built"

    def __init__(self) -> None:
        WaybillError.__init__(
            self,
            "此安装中没有装货平板的程序文件。",
            "This installation has no files of the bay tablet.",
            next_step_zh="请管理员在源码目录中运行 make tablet，然后重新打开本页。",
            next_step_en="Run `make tablet` where the source is, then open this page again.",
        )


@blueprint.get("/")
@public("the tablet must start before anybody has signed on, and without network")
def start() -> ResponseReturnValue:
    """Return the page, from which the tablet starts."""
    if not (_folder() / "index.html").is_file():
        raise TabletNotBuiltError
    return _file("index.html")


@blueprint.get("/<path:name>")
@public("program files are the same for everybody and hold nothing of anybody")
def file(name: str) -> ResponseReturnValue:
    """Return a file of the build."""
    return _file(name)


def _file(name: str) -> Response:
    answer = send_from_directory(_folder(), name, mimetype=TYPES.get(Path(name).suffix))
    # A worker is bound by the policy of its own file, so each file carries it.
    answer.headers["Content-Security-Policy"] = POLICY
    hashed = _NAMED_BY_CONTENT.fullmatch(name)
    answer.headers["Cache-Control"] = FOR_EVER if hashed else ASKED_EACH_TIME
    return answer


def _folder() -> Path:
    return Path(current_app.static_folder or "") / FOLDER
