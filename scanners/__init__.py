"""From a scanned text or picture to a finished check list."""
