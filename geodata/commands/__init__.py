"""The commands of ``python -m geodata``, one module for each kind of work."""
