"""What a browser would send of a form on a page: every field with what stands in it."""

from html.parser import HTMLParser

from typing_extensions import override
from werkzeug.datastructures import MultiDict

from tests.harness.page_user import PageUser


class _Fields(HTMLParser):
    """Collects the fields of one form."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: MultiDict[str, str] = MultiDict()
        self._inside = False
        self._select = ""
        self._area: str | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self.form_id
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.add(name, given.get("value", "on"))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if self._select not in self.fields or "selected" in given:
                self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""

    @override
    def handle_data(self, data: str) -> None:
        if self._inside and self._area is not None:
            self.fields[self._area] += "\r\n".join(data.replace("\r\n", "\n").split("\n"))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = None


def fields_of(html: str, form_id: str) -> dict[str, str]:
    """Return the fields of a form, each with its first value."""
    reader = _Fields(form_id)
    reader.feed(html)
    return reader.fields.to_dict()


def fill(user: PageUser, act: str, **changes: str) -> PageUser:
    """Send the form that stands on the page, changed, by one of its buttons."""
    form = fields_of(user.html, "waybill") | {"act": act}
    named = {name.replace("__", "-"): value for name, value in changes.items()}
    return user.send(user.address, form | named)


def value(user: PageUser, name: str) -> str | None:
    """Return what stands in a field of the page."""
    return fields_of(user.html, "waybill").get(name)
