"""Personal values after they were stored: disclosed by right, restricted, erased, and retained."""
