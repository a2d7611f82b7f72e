"""Small tables of a city folder that are no cases: frontage contracts 门前三包, surveys.

``tables/frontage.csv`` has a row per street, ``tables/survey.csv`` a row per area; headings in
Chinese or English, UTF-8 or GB18030. All defects of a file are told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from geodata.errors import CityBroken, Sentence
from geodata.ingest.encodings import utf8_text

FOLDER: Final = "tables"
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One kind of table.

    Attributes
    ----------
    by
        Column that names the street, or the area by its code or name.
    counts
        Columns of whole numbers; each at most the one before it in ``within``.
    within
        Part → whole.
    headings
        Column → the headings it may have in a file.
    """

    file: str
    by: str
    counts: tuple[str, ...]
    within: Mapping[str, str]
    headings: Mapping[str, tuple[str, ...]]
    flag: str = ""


FRONTAGE: Final = Register(
    file="frontage.csv",
    by="street",
    counts=("shops", "signed", "carried_out"),
    within={"signed": "shops", "carried_out": "signed"},
    headings={
        "street": ("街路", "道路", "路段"),
        "shops": ("商户数", "户数"),
        "signed": ("签约数", "签约户数"),
        "carried_out": ("履约数", "履约户数"),
        "model": ("示范路",),
    },
    flag="model",
)
SURVEY: Final = Register(
    file="survey.csv",
    by="area",
    counts=("asked", "aware", "satisfied"),
    within={"aware": "asked", "satisfied": "asked"},
    headings={
        "area": ("辖区", "街道", "社区", "乡镇"),
        "asked": ("受访人数", "样本数"),
        "aware": ("知晓人数",),
        "satisfied": ("满意人数",),
    },
)

_YES: Final = ("true", "1", "是", "y", "yes", "√")


def read_register(city_folder: Path, register: Register) -> pl.DataFrame | None:
    """Read one table of a city folder; None where the city keeps none.

    Returns
    -------
    polars.DataFrame
        The ``by`` column (text), the counts (Int64), and the flag (Boolean) where there is one.

    Raises
    ------
    CityBroken
        A heading is missing, or rows hold no number, a negative one, or a part larger than its
        whole; every defect is listed.
    """
    path = city_folder / FOLDER / register.file
    if not path.is_file():
        return None
    with utf8_text(path) as text:
        raw = _texts(text, path)
    table, defects = _typed(_renamed(raw, register, path), register)
    if defects:
        more = Sentence("\n  … {n} in all", n=len(defects))
        raise CityBroken(
            "{folder}/{file} cannot be used as it is:{defects:lines}{more}\nCorrect these rows "
            "and save the file again.",
            folder=FOLDER,
            file=register.file,
            defects=defects[:_MOST_TOLD],
            more=more if len(defects) > _MOST_TOLD else "",
        )
    return table


def _texts(text: Path, path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(text, infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise CityBroken(
            "{folder}/{file} is no table ({first}). Save it as CSV with one row of headings.",
            folder=FOLDER,
            file=path.name,
            first=first,
        ) from error


def _renamed(raw: pl.DataFrame, register: Register, path: Path) -> pl.DataFrame:
    found = {
        heading: column
        for column, others in register.headings.items()
        for heading in raw.columns
        if heading.strip().lower() in (column, *others)
    }
    named = raw.rename(dict(list(found.items()))) if _once(found) else raw
    missing = [one for one in (register.by, *register.counts) if one not in named.columns]
    if missing:
        raise CityBroken(
            "{folder}/{file} has no column for {ways:clauses}. It has: {columns}. Each once, "
            "please.",
            folder=FOLDER,
            file=path.name,
            ways=[f"{one} ({'/'.join(register.headings[one])})" for one in missing],
            columns=raw.columns,
        )
    return named.filter(~pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == ""))


def _once(found: Mapping[str, str]) -> bool:
    return len(set(found.values())) == len(found)


def _typed(table: pl.DataFrame, register: Register) -> tuple[pl.DataFrame, list[Sentence]]:
    """Columns as numbers, and what is wrong with which line of the file."""
    counts = [
        pl.col(one).str.strip_chars().str.replace_all(",", "").cast(pl.Int64, strict=False)
        for one in register.counts
    ]
    flag = pl.col(register.flag) if register.flag in table.columns else pl.lit("")
    typed = table.select(
        pl.col(register.by).str.strip_chars(),
        *counts,
        *(
            [
                flag.fill_null("")
                .str.strip_chars()
                .str.to_lowercase()
                .is_in(_YES)
                .alias(register.flag)
            ]
            if register.flag
            else []
        ),
    )
    defects: list[Sentence] = []
    rows = zip(typed.to_dicts(), table.to_dicts(), strict=True)
    for line, (row, raw) in enumerate(rows, start=2):
        defects += [
            Sentence("line {line}: {wrong}", line=line, wrong=wrong)
            for wrong in _wrong(row, raw, register)
        ]
    return typed, defects


def _wrong(row: dict[str, object], raw: dict[str, object], register: Register) -> list[Sentence]:
    if not row[register.by]:
        return [Sentence("{column} is empty", column=register.by)]
    numbers = {one: row[one] for one in register.counts}
    wrong = [
        Sentence(
            "{column} is {value!r}; write a whole number, 0 or more", column=one, value=raw[one]
        )
        for one, number in numbers.items()
        if not isinstance(number, int) or number < 0
    ]
    if wrong:
        return wrong
    return [
        Sentence(
            "{part} {n} is more than {whole} {most}",
            part=part,
            n=numbers[part],
            whole=whole,
            most=numbers[whole],
        )
        for part, whole in register.within.items()
        if numbers[part] > numbers[whole]  # type: ignore[operator]
    ]
