"""The made-up first-run city: streets, areas, cases and a planted truth from one seed."""

from geodata.demo.city import CASES, SEED, DemoCity, DemoLayers, make_cases, make_city, make_layers

__all__ = ["CASES", "SEED", "DemoCity", "DemoLayers", "make_cases", "make_city", "make_layers"]
