"""The text of a scope as a tree: brackets and the items between commas."""

from dataclasses import dataclass, field
from typing import Final

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 6


@dataclass(slots=True)
class Item:
    """Words between two commas, with the bracketed lists that follow them."""

    text: str = ""
    groups: list[list["Item"]] = field(default_factory=list)

    def written(self) -> str:
        """Return the item as it was written, with its lists."""
        lists = (",".join(item.written() for item in group) for group in self.groups)
        return self.text.replace("|", ",") + "".join(f"({inner})" for inner in lists)


def split_items(text: str) -> list[Item] | None:
    """Build the tree of items; `None` for brackets that do not match or nest too deeply."""
    stack: list[list[Item]] = [[Item()]]
    for character in text:
        current = stack[-1]
        if character == "(":
            if len(stack) > MAX_DEPTH:
                return None
            stack.append([Item()])
        elif character == ")":
            if len(stack) == 1:
                return None
            inner = stack.pop()
            stack[-1][-1].groups.append([item for item in inner if item.text or item.groups])
        elif character == "," or current[-1].groups:
            current.append(Item("" if character == "," else character))
        else:
            current[-1].text += character
    return [item for item in stack[0] if item.text or item.groups] if len(stack) == 1 else None
