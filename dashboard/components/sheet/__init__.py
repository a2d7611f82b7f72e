"""A page of findings: cards, sentences, tables and charts, built as plain data.

The browser's side is ``panels/sheet.js``; every builder returns a mapping it draws.
"""

from dashboard.components.sheet.charts import (
    axis,
    bar_part,
    bar_row,
    bars,
    forest,
    forest_row,
    line,
    lines,
)
from dashboard.components.sheet.controls import button, choice, download, export_link, option
from dashboard.components.sheet.page import Page, payload, show
from dashboard.components.sheet.parts import Block, Control, Part
from dashboard.components.sheet.tables import (
    card,
    cards,
    cell,
    change,
    column,
    interval,
    list_row,
    lists,
    row,
    scale,
    sentence,
    sentences,
    short_list,
    spark,
    stamp,
    status,
    table,
)

__all__ = [
    "Block",
    "Control",
    "Page",
    "Part",
    "axis",
    "bar_part",
    "bar_row",
    "bars",
    "button",
    "card",
    "cards",
    "cell",
    "change",
    "choice",
    "column",
    "download",
    "export_link",
    "forest",
    "forest_row",
    "interval",
    "line",
    "lines",
    "list_row",
    "lists",
    "option",
    "payload",
    "row",
    "scale",
    "sentence",
    "sentences",
    "short_list",
    "show",
    "spark",
    "stamp",
    "status",
    "table",
]
