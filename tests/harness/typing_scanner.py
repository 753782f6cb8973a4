"""A hardware scanner that types: its keys come within the page, whatever else the machine does.

Keys that Playwright sends one by one are slower than a scanner when the machine is busy, and the
tablet tells scanners from people by their pace. A keyboard says itself when a key was pressed, so
each key here says it too: a browser that is held up in the middle of a code changes no pace.
"""

from typing import Final

from playwright.sync_api import Page

SCAN: Final = """([text, end, written]) => {
  const began = performance.now()
  let keys = 0
  const stamped = (event) => {
    Object.defineProperty(event, 'timeStamp', { value: began + (keys++) / 10 })
    return event
  }
  const press = (key) => {
    const shiftKey = key.length === 1 && key !== key.toLowerCase()
    const code = key.length > 1 ? key : ''
    const how = { key, code, shiftKey, bubbles: true, cancelable: true }
    const event = stamped(new KeyboardEvent('keydown', how))
    const left = (document.activeElement ?? document.body).dispatchEvent(event)
    if (left && key.length === 1) document.execCommand('insertText', false, key)
    return left
  }
  if (written) {
    const how = { inputType: 'insertText', data: written, bubbles: true, cancelable: true }
    document.activeElement.dispatchEvent(stamped(new InputEvent('beforeinput', how)))
    document.execCommand('insertText', false, written)
  }
  for (const key of text) press(key)
  return press(end)
}"""


def scan(page: Page, text: str, *, end: str = "Enter", written: str = "") -> bool:
    """Type a text and its end where the focus is; return whether the page was left the end key.

    Args:
        page: the page, with the focus in a field or elsewhere.
        text: what is typed, key by key.
        end: the key after it, `Enter` or `Tab`.
        written: what is written before it without keys, as handhelds do.
    """
    left: bool = page.evaluate(SCAN, [text, end, written])
    return left
