"""A scanner's and a hand's part of a check done within the page, so that nothing else is timed.

Playwright looks at a page from another process, now and then. Here a script in the page gives each
code to the scanner's listener the moment the former's answer is painted, and takes the time there:
what is left is the tablet, the way to the server, and the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from playwright.sync_api import BrowserContext, Page

from tests.harness.typing_scanner import SCAN

_TOOLS: Final = f"""
  performance.clearResourceTimings()
  const scan = {SCAN}
  const painted = () => new Promise((go) => requestAnimationFrame(() => {{
    const {{ port1, port2 }} = new MessageChannel()
    port1.onmessage = () => go(performance.now())
    port2.postMessage(0)
  }}))
  const until = (met) => new Promise((go, fail) => {{
    const late = setTimeout(() => fail(new Error(document.body.innerText)), 15_000)
    const look = () => {{
      if (!met()) return
      seen.disconnect()
      clearTimeout(late)
      go()
    }}
    const seen = new MutationObserver(look)
    seen.observe(document, {{ subtree: true, childList: true, characterData: true }})
    look()
  }})
"""
_CODES: Final = f"""async (codes) => {{ {_TOOLS}
  const read = () => document.querySelector('.last .last-read')?.textContent ?? ''
  const judged = () => document.querySelector('.last')?.textContent.includes('服务器判定')
  const times = [performance.now()]
  for (const code of codes) {{
    const before = read()
    scan([code, 'Enter', ''])
    await until(() => judged() && read() !== before)
    times.push(await painted())
  }}
  return times
}}"""
_VERDICT: Final = f"""async (name) => {{ {_TOOLS}
  const began = performance.now()
  const named = (button) => button.textContent.trim() === name
  ;[...document.querySelectorAll('button')].find(named).click()
  await until(() => document.querySelector('.word'))
  return [began, await painted()]
}}"""
_WRITES: Final = """(() => {
  globalThis.writes = []
  const begin = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (...given) {
    const made = begin.apply(this, given)
    const began = performance.now()
    if (made.mode === 'readwrite')
      made.addEventListener('complete', () => writes.push([began, performance.now()]))
    return made
  }
})()"""
_SPENT: Final = """([from, to]) => {
  const within = (at) => at >= from && at <= to
  const requests = performance.getEntriesByType('resource')
    .filter((each) => each.name.includes('/api/') && within(each.startTime))
    .map((each) => ({
      path: new URL(each.name).pathname,
      began: each.startTime - from,
      took: each.responseEnd - each.startTime,
      server: each.serverTiming.find(({ name }) => name === 'app')?.duration ?? null,
    }))
  const written = writes.filter(([began]) => within(began)).map(([a, b]) => b - a)
  return { requests, written }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that the tablet made; milliseconds, from the first code's first key on.

    `server_ms` is what the server itself says that it took, `None` where it says nothing.
    """

    path: str
    began_ms: float
    took_ms: float
    server_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of work without anybody's hesitation, in milliseconds.

    `steps_ms` are those of each code, from its first key until its answer is painted; `writes_ms`
    those of each transaction that the tablet kept something with.
    """

    steps_ms: tuple[float, ...]
    requests: tuple[Request, ...]
    writes_ms: tuple[float, ...]

    @property
    def total_ms(self) -> float:
        """How long all of it took."""
        return sum(self.steps_ms)


def watch(context: BrowserContext) -> None:
    """Let pages note what they write; before they are opened."""
    context.add_init_script(_WRITES)


def show_all(page: Page, codes: Sequence[str]) -> Stretch:
    """Show codes one after the other, each when the former's answer of the server is painted."""
    return _stretch(page, page.evaluate(_CODES, list(codes)))


def decide(page: Page, button: str = "判定") -> Stretch:
    """Press for the verdict, until it is painted."""
    return _stretch(page, page.evaluate(_VERDICT, button))


def _stretch(page: Page, times: list[float]) -> Stretch:
    spent = page.evaluate(_SPENT, [times[0], times[-1]])
    return Stretch(
        steps_ms=tuple(end - begin for begin, end in pairwise(times)),
        requests=tuple(
            Request(
                path=each["path"],
                began_ms=each["began"],
                took_ms=each["took"],
                server_ms=each["server"],
            )
            for each in spent["requests"]
        ),
        writes_ms=tuple(spent["written"]),
    )
