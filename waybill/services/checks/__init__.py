"""The bay: opening a check, adding evidence, deciding, releasing; one module per act."""
