"""A browser is waited for patiently: how busy a machine is says nothing of the product."""

from typing import Final

from playwright.sync_api import expect

PATIENCE_MS: Final = 20_000

expect.set_options(timeout=PATIENCE_MS)
