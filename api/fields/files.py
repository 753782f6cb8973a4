"""Files of a form."""

from types import MappingProxyType

from typing_extensions import override  # typing's own needs Python 3.12
from werkzeug.datastructures import FileStorage

from api.fields.base import StrictField, fault


class UploadedFile(StrictField[FileStorage]):
    """A file of a form."""

    openapi = MappingProxyType({"type": "string", "format": "binary"})

    @override
    def read(self, value: object) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise fault("not-a-file", "请上传文件。", "Send it as a file.")
        return value
