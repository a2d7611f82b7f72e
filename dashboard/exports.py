"""Downloads: exactly what a view shows, as a file."""

from __future__ import annotations
