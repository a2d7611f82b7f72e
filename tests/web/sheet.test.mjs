// Scales, ticks, sorting and words of the pages of findings.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isoOf } from "../../dashboard/components/panels/calendar_days.js";
import { barWords, totalOf } from "../../dashboard/components/panels/chart_bars.js";
import { percentScale } from "../../dashboard/components/panels/chart_interval.js";
import { linePath, valueDomain } from "../../dashboard/components/panels/chart_lines.js";
import { pointProof, pointWords } from "../../dashboard/components/panels/chart_reading.js";
import * as scale from "../../dashboard/components/panels/chart_scale.js";
import { cellProof, unfolded } from "../../dashboard/components/panels/proof_parts.js";
import { placeAcross, placeBeside } from "../../dashboard/components/panels/proof_place.js";
import { proofLines } from "../../dashboard/components/panels/proof_popover.js";
import { asButtons, widthOf } from "../../dashboard/components/panels/sheet_controls.js";
import { nextStop } from "../../dashboard/components/panels/roving.js";
import { cellWords, nextOrder, sortedRows, sortValue } from "../../dashboard/components/panels/sheet_order.js";
import { markedParts } from "../../dashboard/components/panels/sheet_sentences.js";
import { stampColours } from "../../dashboard/components/panels/sheet_stamp.js";
import { speaker } from "../../dashboard/components/panels/words.js";
import { EMERGING, inkOn } from "../../geodata/maps/web/tokens.js";
import { chance } from "./support.mjs";

const text = (lang) => JSON.parse(readFileSync(new URL(`../../dashboard/components/panels/text.${lang}.json`, import.meta.url)));
const zh = speaker(text("zh"));

test("scales meet both ends, and a domain without width the middle", () => {
  const at = scale.linearScale([10, 20], [0, 100]);
  assert.deepEqual([at(10), at(15), at(20)], [0, 50, 100]);
  assert.equal(scale.linearScale([3, 3], [0, 100])(3), 50);
  const log = scale.logScale([0.1, 10], [0, 100]);
  assert.ok(Math.abs(log(1) - 50) < 1e-9);
  assert.equal(log(0), 0);
  const inside = percentScale([0, 1]);
  assert.deepEqual([inside(-5), inside(9)], [2, 98]);
});

test("ticks are round, rising, inside, and about as many as asked", () => {
  const next = chance(7);
  for (let round = 0; round < 500; round += 1) {
    const low = (next() - 0.5) * 10 ** Math.floor(next() * 7 - 2);
    const high = low + next() * 10 ** Math.floor(next() * 7 - 2) + 1e-6;
    const ticks = scale.niceTicks(low, high, 5);
    assert.ok(ticks.length >= 1 && ticks.length <= 8, `${low} ${high}: ${ticks}`);
    assert.ok(ticks.every((tick, at) => tick >= low - 1e-6 * Math.abs(low) - 1e-9 && tick <= high + 1e-6 * Math.abs(high) + 1e-9 && (!at || tick > ticks[at - 1])));
  }
  assert.deepEqual(scale.niceTicks(0.45, 0.95, 6), [0.5, 0.6, 0.7, 0.8, 0.9]);
  assert.deepEqual(scale.niceTicks(4, 4), [4]);
  assert.deepEqual(scale.logTicks(0.2, 10), [0.25, 0.5, 1, 2, 4, 8]);
  assert.deepEqual(scale.logTicks(0, 10), []);
  assert.equal(scale.niceTop(77), 80);
  assert.equal(scale.niceTop(0), 1);
});

test("days are labelled each, by Mondays, or by first days of months", () => {
  const day = (iso) => Date.parse(`${iso}T00:00Z`) / 86_400_000;
  const told = (from, until, most) => scale.dayTicks(day(from), day(until), most).map(isoOf);
  assert.deepEqual(told("2026-11-20", "2026-11-22", 8), ["2026-11-20", "2026-11-21", "2026-11-22"]);
  const mondays = told("2026-09-02", "2026-11-22", 12);
  assert.ok(mondays.length > 3 && mondays.every((iso) => new Date(iso).getUTCDay() === 1));
  assert.deepEqual(told("2026-01-15", "2026-12-31", 4), ["2026-02-01", "2026-05-01", "2026-08-01", "2026-11-01"]);
});

test("ticks are written so that neighbours differ", () => {
  assert.equal(scale.tickText(0.75, "share", 0.1), "75%");
  assert.equal(scale.tickText(0.125, "share", 0.025), "12.5%");
  assert.equal(scale.tickText(0.25, "", 0.25), "0.25");
  assert.equal(scale.tickText(12500, "件", 2500), "12,500");
  assert.equal(scale.tickText(-2, "", 1), "−2");
  assert.equal(scale.tickText(0, "", 0.5), "0");
});

test("a line is broken where a value is missing", () => {
  assert.deepEqual(scale.runsOf([1, null, 2, 3, undefined]), [[0], [2, 3]]);
  assert.equal(scale.extentOf([null, undefined], []), null);
  assert.deepEqual(scale.extentOf([3, null], [1]), [1, 3]);
  assert.equal(scale.nearestIndex([0, 10, 20], 14), 1);
  assert.equal(scale.nearestIndex([], 14), -1);
  assert.equal(linePath([[0, 0], [1, 2]]), "M0 0L1 2");
  assert.equal(linePath([[0, 0], [1, 2]], true), "M0 0H1V2");
});

test("an axis starts at zero unless told otherwise, and holds every band", () => {
  assert.deepEqual(valueDomain({ series: [{ values: [40, 77] }] }), [0, 80]);
  const [low, high] = valueDomain({ series: [{ values: [0.9], lower: [0.84], upper: [0.97] }], y_from_zero: false });
  assert.ok(low <= 0.84 && low > 0.5 && high >= 0.97);
  assert.deepEqual(valueDomain({ series: [{ values: [null] }] }), [0, 1]);
});

test("rows sort by number, text or date; what is missing comes last either way", () => {
  const rows = [3, null, 10, 2].map((n) => ({ cells: [n] }));
  assert.deepEqual(sortedRows(rows, { column: 0, down: false }), [3, 0, 2, 1]);
  assert.deepEqual(sortedRows(rows, { column: 0, down: true }), [2, 0, 3, 1]);
  assert.deepEqual(sortedRows(rows, null), [0, 1, 2, 3]);
  const named = ["二环路", "第10中队", "第9中队"].map((name) => ({ cells: [{ text: name }] }));
  assert.deepEqual(sortedRows(named, { column: 0, down: false }), [2, 1, 0]);
  const equal = [1, 1, 1].map((n) => ({ cells: [n] }));
  assert.deepEqual(sortedRows(equal, { column: 0, down: true }), [0, 1, 2]);
});

test("a cell sorts by its value, not by its words", () => {
  assert.equal(sortValue({ text: "1.27 万", value: 12700 }), 12700);
  assert.equal(sortValue({ text: "—" }), "—");
  assert.equal(sortValue(null), null);
});

test("a heading sorts largest first, then back, then as given", () => {
  const first = nextOrder(null, 2, true);
  assert.deepEqual(first, { column: 2, down: true });
  assert.deepEqual(nextOrder(first, 2, true), { column: 2, down: false });
  assert.equal(nextOrder({ column: 2, down: false }, 2, true), null);
  assert.deepEqual(nextOrder(first, 0, false), { column: 0, down: false });
});

test("what a cell shows is never NaN, null or endless", () => {
  assert.deepEqual([null, undefined, "", { text: null }].map(cellWords), ["—", "—", "—", "—"]);
  assert.equal(cellWords(12345), "12,345");
  assert.equal(cellWords(-0.04), "−0.0");
  assert.equal(cellWords({ text: "<b>" }), "<b>");
});

test("bars are as long as their parts, and say them", () => {
  const parts = [{ name: "未到期", value: 3 }, { name: "超期", value: null }, { name: "久", value: 2.5 }];
  assert.equal(totalOf(parts), 5.5);
  assert.equal(barWords({ label: "甲", parts, text: "5" }), "甲 · 5 · 未到期 3 · 久 2.5");
});

test("marked words are cut out, and nothing is lost", () => {
  const sentence = "倪家桥路由 7 件增至 46 件，倪家桥路本周新成热点";
  const parts = markedParts(sentence, ["倪家桥路", "倪家", ""]);
  assert.equal(parts.map(([part]) => part).join(""), sentence);
  assert.deepEqual(parts.filter(([, strong]) => strong).map(([part]) => part), ["倪家桥路", "倪家桥路"]);
  assert.deepEqual(markedParts("无", []), [["无", false]]);
});

test("few short options are buttons, many or long ones a list", () => {
  const options = (...labels) => labels.map((label) => ({ label }));
  assert.ok(asButtons(options("部门", "街道", "路段")));
  assert.ok(!asButtons(options("1", "2", "3", "4", "5", "6")));
  assert.ok(!asButtons(options("某某街道综合行政执法与城市运行管理服务中心", "另一个很长很长很长很长的名字")));
  assert.equal(widthOf("路A"), 3);
});

test("a proof lists the parts that are there, parts of a rate by their own names", () => {
  const proof = { title: "按期结案率", formula: "按期÷应结", numerator: { name: "按期结案数", value: "737 件" }, version: "v47" };
  assert.deepEqual(proofLines(proof, zh).map(({ name }) => name), ["算法", "按期结案数", "版本"]);
});

test("values under the pointer are said in words", () => {
  const block = { x: { kind: "number", values: [3], label: "天" }, unit: "share", series: [{ name: "未反弹", values: [0.8567], lower: [0.8], upper: [0.9] }] };
  assert.equal(pointWords(block, 0, 3, zh), "天 3 · 未反弹 85.7% (80%–90%)");
  assert.ok(pointWords({ ...block, series: [{ name: "a", values: [null] }] }, 0, 3, zh).endsWith("a —"));
});

test("every class has a stamp colour in both themes, others none", () => {
  const tokens = { EMERGING, inkOn };
  for (const kind of ["new_hot", "new_cold", "historical_cold", "persistent"]) {
    for (const theme of ["light", "dark"]) assert.match(stampColours(kind, theme, tokens).ground, /^#[0-9A-F]{6}$/u);
  }
  assert.equal(stampColours("none", "light", tokens), null);
  assert.equal(stampColours(null, "light", tokens), null);
});

test("proofs that share a formula and a period are whole again in the browser", () => {
  const table = {
    kind: "table",
    rows: [{ cells: ["甲", { text: "1", proof: { of: 0, in: 0, value: "1", numerator: { value: "3 件" } } }] }, { cells: ["乙", { text: "2", proof: { of: 1, in: 1, value: "2" } }] }],
    columns: [{ name: "n", proof: { of: 1, in: 0 } }],
  };
  const proofs = [{ title: "率", formula: "a÷b", numerator: "a" }, { title: "数" }];
  const [{ rows, columns }] = unfolded({ blocks: [table], proofs, scopes: [{ period: "一月", version: "v1" }, {}] });
  assert.deepEqual(rows[0].cells[1].proof, { title: "率", formula: "a÷b", period: "一月", version: "v1", value: "1", numerator: { name: "a", value: "3 件" } });
  assert.deepEqual(rows[1].cells[1].proof, { title: "数", value: "2" });
  assert.deepEqual(columns[0].proof, { title: "数", period: "一月", version: "v1" });
  const bare = [{ kind: "table", rows: [] }];
  assert.deepEqual(unfolded({ blocks: bare }), bare);
});

test("a cell is proven by its column, and named after its row", () => {
  const columns = [{ name: "序", kind: "number" }, { name: "路" }, { name: "反弹", kind: "number" }, { name: "率", kind: "number" }];
  const told = cellProof({ title: "反弹率" }, "33.3%", [1, { text: "横街" }, 1203, { text: "33.3%" }], columns);
  assert.deepEqual(told, { title: "反弹率", about: "横街", value: "33.3%" });
});

test("a point is proven by its line: its value, its day, its band; nothing where it has no value", () => {
  const block = { x: { kind: "number", label: "天" }, unit: "share", series: [{ name: "一期", values: [0.25, null], lower: [0.2], upper: [0.3], proof: { title: "反弹" } }, { name: "x", values: [1] }] };
  block.x.values = [3, 4];
  assert.deepEqual(pointProof(block, { at: 0, of: 0 }, 3, zh), { title: "反弹", value: "25%", about: "一期 · 天 3", interval: "20%–30%" });
  assert.equal(pointProof(block, { at: 1, of: 0 }, 4, zh), null);
  assert.equal(pointProof(block, { at: 0, of: 1 }, 3, zh), null);
  assert.equal(pointProof(block, { at: 0, of: 9 }, 3, zh), null);
});

test("the card never covers its number and stays on screen, whatever their sizes", () => {
  const next = chance(11);
  const within = (low, high) => low + next() * (high - low);
  for (let round = 0; round < 2000; round += 1) {
    const view = { width: within(320, 3840), height: within(480, 2160) };
    const beside = { left: within(8, view.width - 60), top: within(8, view.height - 40) };
    Object.assign(beside, { right: beside.left + within(8, 50), bottom: beside.top + within(8, 30) });
    const size = { width: within(200, Math.min(700, view.width - 16)), height: within(40, view.height) };
    const { left, top, most } = placeBeside(beside, size, view);
    const height = Math.min(size.height, most);
    const apart = top >= beside.bottom || top + height <= beside.top || left >= beside.right || left + size.width <= beside.left;
    assert.ok(apart, JSON.stringify({ view, beside, size, left, top, most }));
    assert.ok(left >= 0 && top >= 0 && top + height <= view.height + 1 && left + size.width <= view.width + 1);
    const across = placeAcross(beside, size.height, view);
    const tall = Math.min(size.height, across.most);
    assert.ok(across.side === "top" ? tall <= beside.top : view.height - tall >= beside.bottom);
  }
});

test("arrow keys lead from number to number and stop at the edges", () => {
  const lengths = [3, 1, 2];
  assert.deepEqual(nextStop("ArrowRight", 0, 1, lengths), [0, 2]);
  assert.equal(nextStop("ArrowRight", 0, 2, lengths), null);
  assert.equal(nextStop("ArrowLeft", 0, 0, lengths), null);
  assert.deepEqual(nextStop("ArrowDown", 0, 2, lengths), [1, 0]);
  assert.equal(nextStop("ArrowUp", 0, 2, lengths), null);
  assert.equal(nextStop("ArrowDown", 2, 0, lengths), null);
  assert.deepEqual(nextStop("End", 2, 0, lengths), [2, 1]);
  assert.equal(nextStop("Enter", 0, 0, lengths), null);
});
