"""A pack's content written by hand: real cells and streets, invented words and numbers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from geodata.press.content import (
    Callout,
    Cell,
    Change,
    Column,
    Content,
    Explained,
    Figure,
    Heading,
    ListRow,
    MapContent,
    OfficeRow,
    Offices,
    Ruler,
    ShortList,
    Stretch,
    Table,
)
from geodata.spatial import cells
from geodata.store import layers

RESOLUTION = 10
UP = Change(text="70 件", direction="up")
WORSE = Change(text="2.1 个百分点", direction="up", verdict="worse")
BETTER = Change(text="2 件", direction="down", verdict="better")

HEADING = Heading(
    city="演示区",
    title="市容环境百日攻坚通报",
    wall_title="市容环境整治作战图",
    issue="〔2026〕第 47 期",
    issuer="演示区专项行动指挥部办公室",
    subject="第 47 周整治情况",
    span="11月16日至22日",
    stage="巩固提升阶段 · 第 84 天",
    dated="2026年11月23日",
    as_of="截至 2026-11-22 24:00",
    version="数据版本 v1",
    notice="演示数据，案卷与部门均为虚构",
    credit="街道几何为演示数据",
    stamp="演示数据",
)

FIGURES = (
    Figure(code="reported", label="受理", value="451", unit="件", note="本周新收", change=UP),
    Figure(code="on_time_rate", label="按期结案率", value="—", unit="", note="本期没有应结案"),
    Figure(code="overdue_stock", label="超期未结", value="44", unit="件", note="", change=BETTER),
    Figure(
        code="rebound_rate", label="反弹率", value="11.8", unit="%", note="51/433", change=WORSE
    ),
    Figure(code="hot_cells", label="热点单元", value="27", unit="个", note="受检 455 个"),
)

SENTENCES = (
    "本周受理案卷 451 件，比上周多 70 件，超出正常波动。",
    "眺洲路由 7 件增至 46 件，本周新成热点。",
    "超期未结 44 件，请尽快销号。",
)


def content(city, **parts) -> Content:
    """Content for a city's layers; ``parts`` replace what is written here."""
    whole = {
        "language": "zh",
        "heading": HEADING,
        "figures": FIGURES,
        "sentences": SENTENCES,
        "map": map_content(city),
        "ruler": ruler(),
        "lists": lists(),
        "tables": (streets(), oldest()),
        "offices": offices(12),
        "targets": Table(
            code="targets",
            title="专项行动进度",
            columns=(Column(name="行动"),),
            rows=(),
            empty="没有专项行动。",
        ),
        "formulas": (
            Explained(name="按期结案率", text="按期结案数 ÷ 应结案数", source="通行口径"),
        ),
        "quality": (Explained(name="未落街", text="3 件，计入总数"),),
        "lineage": (Explained(name="数据版本", text="v1"),),
        "headings": {
            "lists": "变化与反弹",
            "formulas": "口径",
            "quality": "质量",
            "lineage": "来源",
        },
    }
    return Content(**(whole | parts))


def study(city) -> list[int]:
    """Study cells at the resolution drawn, ascending."""
    finest = layers.study_table(city.layers)["cell"].to_numpy()
    return sorted(set(cells.parent_of(finest, RESOLUTION).tolist()))


def map_content(city, callouts: int = 12) -> MapContent:
    """Every third cell of the study area holds 1 to 20 cases."""
    found = study(city)
    filled = found[::3]
    counts = tuple(1 + (7 * at) % 20 for at in range(len(filled)))
    most = sorted(zip(counts, filled, strict=True), reverse=True)[:callouts]
    return MapContent(
        title="本周报告分布",
        resolution=RESOLUTION,
        cells=tuple(filled),
        cases=counts,
        study=tuple(found),
        hot=tuple(sorted(cell for _, cell in most[:5])),
        silent=(7,),
        breaks=(1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 16.0),
        legend=("件/蜂窝单元，n = 451", "空心为 0 件", "斜线为未上报", "描边为热点", "街道界"),
        callouts=tuple(
            callout(number, cell, cases) for number, (cases, cell) in enumerate(most, start=1)
        ),
        hot_streets=("眺洲路", "江家街"),
        n=sum(counts),
    )


def callout(number: int, cell: int, cases: int, name: str = "眺洲路") -> Callout:
    ((lon, lat),) = cells.centres_of(np.array([cell]))
    return Callout(
        number=number,
        name=name,
        note="新增热点",
        detail="南桥街道 · 南桥综合执法队",
        cases=cases,
        change=Change(text="3 件", direction="up"),
        cell=cell,
        lon=float(lon),
        lat=float(lat),
        hot=True,
    )


def ruler() -> Ruler:
    first = date(2026, 8, 31)
    phases = (
        Stretch(
            name="宣传发动", text="8.31—9.20", from_on=first, until_on=date(2026, 9, 20), now=False
        ),
        Stretch(
            name="集中攻坚",
            text="9.21—11.15",
            from_on=date(2026, 9, 21),
            until_on=date(2026, 11, 15),
            now=False,
        ),
        Stretch(
            name="巩固提升",
            text="11.16—12.8",
            from_on=date(2026, 11, 16),
            until_on=date(2026, 12, 8),
            now=True,
        ),
    )
    return Ruler(
        first=first,
        last=date(2026, 12, 8),
        phases=phases,
        cases=tuple(20 + (3 * day) % 11 for day in range(84)),
        from_on=date(2026, 11, 16),
        until_on=date(2026, 11, 22),
        today="第 84 天",
        holidays=(date(2026, 10, 1), date(2026, 10, 1) + timedelta(days=1)),
    )


def lists() -> tuple[ShortList, ...]:
    rows = (ListRow(name="眺洲路", text="7 → 46", direction="up", verdict="worse"),)
    full = ShortList(code="more", title="增加最多", subtitle="街路 · 上周 → 本周", rows=rows)
    return (full, ShortList(code="fewer", title="减少最多", subtitle="", rows=(), empty="没有。"))


def streets(rows: int = 10, name: str = "眺洲路") -> Table:
    columns = (
        Column(name="路段"),
        Column(name="本周", kind="number"),
        Column(name="变化", kind="change"),
        Column(name="责任部门"),
    )
    return Table(
        code="streets",
        title="重点路段",
        columns=columns,
        rows=tuple(
            (
                Cell(text=name),
                Cell(text=str(46 - at), value=46 - at),
                Cell(text=str(at), direction="up", verdict="worse"),
                Cell(text="南桥综合执法队"),
            )
            for at in range(rows)
        ),
    )


def oldest() -> Table:
    return Table(
        code="oldest",
        title="超期最久案卷",
        columns=(Column(name="案卷号"), Column(name="超期天数", kind="number")),
        rows=((Cell(text="20260507-00061"), Cell(text="199 天", value=199, verdict="worse")),),
    )


def offices(many: int, name: str = "综合执法队") -> Offices:
    """``many`` offices; those after the tenth have too few cases to be ranked."""
    return Offices(
        title="责任部门按期结案率（近四周）",
        headings=("位次", "责任部门", "按期/应结案", "95% 区间", "校正后", "可能位次", "超期"),
        rows=tuple(_office(at, name) for at in range(many)),
        note="应结案不足 30 件的部门只列数，不排名。",
        whole=0.76,
        domain=(0.4, 1.0),
    )


def _office(at: int, name: str) -> OfficeRow:
    muted, middle = at >= 10, 0.9 - 0.01 * at
    return OfficeRow(
        name=f"{name}{at + 1}",
        rank="—" if muted else str(at + 1),
        possible="" if muted else f"{at + 1}–{at + 3}",
        parts=f"{300 - at} / {400 - at}",
        text="样本不足不排名" if muted else f"{100 * middle:.1f}%",
        overdue=at,
        muted=muted,
        below=at == 9,
        shrunk=middle,
        lower=max(0.0, middle - 0.08),
        upper=min(1.0, middle + 0.06),
        raw=middle - 0.01,
    )
