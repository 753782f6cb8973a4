"""Work without network: what a tablet is given, and the records it sends afterwards."""
