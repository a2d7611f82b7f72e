"""Words of the product in Chinese and English: names, periods, reasons, formulas, sentences."""

from geodata.wording.words import LANGUAGES, Words

__all__ = ["LANGUAGES", "Words"]
