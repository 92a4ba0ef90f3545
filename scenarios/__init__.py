"""What is asked: frozen scenarios, their files, their checks, the bundled library."""
