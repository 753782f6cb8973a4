"""Why an identifier was refused."""


class IdentifierError(ValueError):
    """An identifier cannot be right.

    `code` is kebab-case and stable. The messages never repeat what was typed, since it may be
    personal data.
    """

    def __init__(self, code: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code = code
        self.message_zh = message_zh
        self.message_en = message_en
