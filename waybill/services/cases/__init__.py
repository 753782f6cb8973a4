"""Cases of the authority: opened, worked on, answered by carriers, decided."""
