"""Chinese or English: a choice that a cookie keeps."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from api.auth import public
from api.language import LANGUAGE_COOKIE, LANGUAGES
from api.runtime import runtime

YEAR_S: Final = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


@blueprint.post("/language")
@public("those who cannot read the sign-in page change its language first")
def choose() -> ResponseReturnValue:
    """Keep the language that was chosen and go back."""
    response = redirect(local_address(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=YEAR_S,
            secure=runtime().settings.https,
            httponly=True,
            samesite="Lax",
        )
    return response


def local_address(text: str) -> str:
    """Return an address of this site, the start page for anything else."""
    plain = text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"
