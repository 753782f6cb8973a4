"""What a browser is asked about a screen of the bay tablet, in its own language."""

from typing import Final

# What cannot be pressed with a glove: everything that takes a press, with its size in pixels.
# A file is chosen by its label.
SMALL: Final = """least => [
  ...document.querySelectorAll('button, a[href], input, textarea, label.file')]
  .filter(e => !e.classList.contains('unseen'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, r]) => Math.round(r.width) < least || Math.round(r.height) < least)
  .map(([what, r]) => `${r.width}x${r.height} ${what}`)"""

# What is wider than the place it has, or cut off where nothing scrolls.
CUT: Final = """() => [...document.querySelectorAll('#app, #app *')]
  .filter(e => !(e instanceof SVGElement) && !e.closest('.unseen, video'))
  .filter(e => {
    const style = getComputedStyle(e)
    if (style.display === 'inline' || style.display === 'contents') return false
    const wide = e.scrollWidth > e.clientWidth + 1 && !e.matches('.strip, input, textarea')
    const hidden = style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2
    return wide || hidden
  })
  .map(e => `${e.tagName} .${e.className} ${e.scrollWidth} ${e.textContent.slice(0, 50)}`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ['the page itself'] : [])"""

# Shows one state after the other and has axe look at each: it is sent to the page only once.
VIOLATIONS: Final = """async ([states, settings, options]) => {
  const found = {}
  for (const state of states) {
    await fixture.show(state, settings)
    const { violations } = await axe.run(document, options)
    found[state] = violations.flatMap(({ id, impact, nodes }) =>
      nodes.slice(0, 2).map(({ html }) => [id, impact, html.slice(0, 120)]))
  }
  return found
}"""

FOCUSABLE: Final = """() => [...document.querySelectorAll('button, a[href], input, textarea')]
  .filter(e => !e.disabled && e.tabIndex >= 0)
  .map((e, i) => { e.dataset.tab = i; return e.outerHTML.slice(0, 110) })"""
# Writes down what gets the focus, and whether one sees that it has it.
WATCH_FOCUS: Final = """() => {
  window.reached = {}
  document.addEventListener('focusin', ({target: e}) => {
    const places = [e, e.parentElement, e.nextElementSibling].filter(Boolean)
    const seen = places.some(one => getComputedStyle(one).outlineStyle !== 'none')
    if (e.dataset.tab) reached[e.dataset.tab] = seen
  })
}"""
