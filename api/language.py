"""In which language a reader is answered: Chinese, or English where it is asked for."""

from typing import Final

from flask import request

LANGUAGES: Final = ("zh", "en")
LANGUAGE_COOKIE: Final = "lang"


def language() -> str:
    """Return `zh` or `en`: by the cookie, else by `Accept-Language`, else Chinese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def say(zh: str, en: str) -> str:
    """Return the text of the reader's language."""
    return zh if language() == "zh" else en
