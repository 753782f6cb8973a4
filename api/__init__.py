"""What the outside reaches: pages, API, command line."""
