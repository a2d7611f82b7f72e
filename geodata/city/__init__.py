"""A city folder: ``city.toml`` read into the plain objects of the domain."""

from geodata.city.model import FORMAT, Channel, City, MapStyle
from geodata.city.reading import load_city

__all__ = ["FORMAT", "Channel", "City", "MapStyle", "load_city"]
