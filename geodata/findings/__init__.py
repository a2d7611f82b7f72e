"""Questions people ask of a city, each answered by one module with everything needed to check it.

Commands, pages, notebooks and briefings call the same functions, so that they cannot differ.
"""

from geodata.findings.source import Source

__all__ = ["Source"]
