"""One call per command. Exit 0: done; 1: something the user can mend, said plainly; 2: usage."""

from geodata.commands import counting, making, serving, taking_in
from geodata.commands.common import main

__all__ = ["counting", "main", "making", "serving", "taking_in"]
