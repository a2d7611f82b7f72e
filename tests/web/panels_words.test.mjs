// Words, ruler arithmetic and harmless links of the panels.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { weekSummary } from "../../dashboard/components/panels/bars.js";
import { distinctKeys, lifeOf } from "../../dashboard/components/panels/case_list.js";
import { dayNumber } from "../../dashboard/components/panels/calendar_days.js";
import { safeLink } from "../../dashboard/components/panels/dom.js";
import { createDraft } from "../../dashboard/components/panels/draft.js";
import { familySummary, pickedWords, placeSummary } from "../../dashboard/components/panels/filter_words.js";
import { nearMetres } from "../../dashboard/components/panels/place_filter.js";
import { sheetCorner } from "../../dashboard/components/panels/popover.js";
import * as ruler from "../../dashboard/components/panels/ruler_scale.js";
import * as words from "../../dashboard/components/panels/words.js";

const HOME = new URL("../../dashboard/components/panels/", import.meta.url);
const texts = Object.fromEntries(
  ["zh", "en"].map((lang) => [lang, JSON.parse(readFileSync(new URL(`text.${lang}.json`, HOME)))]),
);
const zh = words.speaker(texts.zh);
const en = words.speaker(texts.en);
const sources = reached(["filter_panel.js", "phase_ruler.js", "case_panel.js"]);

/** These modules and all they import, each once. */
function reached(names) {
  const found = new Map();
  const visit = (name) => {
    if (found.has(name)) return;
    const code = readFileSync(new URL(name, HOME), "utf8");
    found.set(name, code);
    for (const [, next] of code.matchAll(/from "\.\/(\w+\.js)"/gu)) visit(next);
  };
  names.forEach(visit);
  return [...found].map(([name, code]) => ({ name, code }));
}

test("both languages say the same things with the same values", () => {
  assert.deepEqual(Object.keys(texts.zh).sort(), Object.keys(texts.en).sort());
  const blanks = (text) => [...new Set(text.match(/\{\w+\}/gu) ?? [])].sort();
  const free = /^date\.|^numerals$/u;
  for (const key of Object.keys(texts.zh)) {
    if (!free.test(key)) assert.deepEqual(blanks(texts.zh[key]), blanks(texts.en[key]), key);
  }
});

test("every word the code asks for is in the dictionary", () => {
  for (const { name, code } of sources) {
    for (const [, key] of code.matchAll(/say\("([a-z_.0-9]+)"/gu)) {
      assert.ok(key in texts.zh, `${name} asks for ${key}`);
    }
  }
});

test("no panel parses text as markup, and none says a sentence of its own", () => {
  for (const { name, code } of sources) {
    assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/u, name);
    assert.doesNotMatch(code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|\/\^.*\/u|\/.*年.*\/u/gu, ""), /\p{Script=Han}/u, name);
  }
});

test("top-level names differ across files, so that they can be joined into one script", () => {
  const owners = new Map();
  for (const { name, code } of sources) {
    for (const [, id] of code.matchAll(/^(?:export )?(?:async )?(?:function|const|let|class) (\w+)/gmu)) {
      assert.ok(!owners.has(id), `${id} is in ${owners.get(id)} and ${name}`);
      owners.set(id, name);
    }
  }
});

test("ranges say the year once; instants keep the clock they were written with", () => {
  const range = (say, a, b) => words.rangeWords(say, dayNumber(a), dayNumber(b));
  assert.equal(range(zh, "2026-09-21", "2026-11-15"), "2026年9月21日 – 11月15日");
  assert.equal(range(en, "2026-09-21", "2026-11-15"), "21 Sep – 15 Nov 2026");
  assert.equal(range(zh, "2026-12-30", "2027-01-02"), "2026年12月30日 – 2027年1月2日");
  assert.equal(range(zh, "2026-10-01", "2026-10-01"), "2026年10月1日");
  assert.equal(words.instantWords(zh, "2026-10-21T23:59:07+08:00"), "10月21日 23:59");
  assert.equal(words.instantWords(zh, null), "—");
  assert.equal(words.instantWords(zh, "昨天"), "昨天");
});

test("counts have commas, and no count is a dash", () => {
  assert.deepEqual([0, 999, 1000, 1234567, null].map(words.countWords), ["0", "999", "1,000", "1,234,567", "—"]);
  assert.equal(words.countWords(1234.5678), "1,234.5678");
  for (let n = 0; n < 200_000; n += 997) assert.equal(words.countWords(n), n.toLocaleString("en-US"));
});

test("values that look like blanks are not filled in again", () => {
  assert.equal(words.speaker({ a: "{x} and {y}" })("a", { x: "{y}", y: "1" }), "{y} and 1");
});

test("summaries of filters", () => {
  const families = [{ code: "a" }, { code: "b" }, { code: "c" }, { code: "d" }];
  assert.equal(familySummary(zh, families, { families: ["a", "b", "c"] }), "三大类");
  assert.equal(familySummary(zh, families, { families: null, categories: null }), "全部");
  const channels = [{ code: "p", name: "巡查" }, { code: "v", name: "视频" }, { code: "m", name: "市长热线" }];
  assert.equal(pickedWords(zh, channels, null, "filter.all_channels"), "全部 3 个来源");
  assert.equal(pickedWords(zh, channels, ["p", "v"], "filter.all_channels"), "巡查、视频");
  assert.equal(pickedWords(zh, channels, [], "filter.all_channels"), "均未选");
  const facets = {
    areas: [{ code: "n", name: "南桥街道", parent: null }, { code: "n1", name: "一社区", parent: "n" }],
    street_classes: [{ code: "strict", name: "严管街" }, { code: "back", name: "背街小巷" }],
    places: [{ kind: "school", name: "学校" }],
  };
  assert.equal(placeSummary(zh, facets, {}), "不限");
  assert.equal(
    placeSummary(zh, facets, { street_classes: ["strict"], near: { kind: "school", metres: 200 }, hours: "out" }),
    "严管街 · 学校周边 200 米 · 工作时间外",
  );
});

test("a radius is whole metres within bounds, or not yet one", () => {
  assert.deepEqual(["200", "19", "2001", "", "x", "350.4"].map(nearMetres), [200, null, null, null, null, 350]);
});

const CAMPAIGN = {
  campaign: { from: "2026-08-31", until: "2026-12-08" },
  as_of: "2026-11-22",
  phases: [
    { code: "a", from: "2026-08-31", until: "2026-09-20" },
    { code: "b", from: "2026-09-21", until: "2026-11-15" },
  ],
  daily: { from: "2026-08-29", n: [7, 8, 9, 10] },
  holidays: [{ name: "before", from: "2026-08-01", until: "2026-08-02" }, { name: "edge", from: "2026-12-07", until: "2026-12-20" }],
};

test("daily counts line up with the campaign wherever they start", () => {
  const read = ruler.readRuler(CAMPAIGN);
  assert.equal(read.length, 100);
  assert.deepEqual(read.n.slice(0, 3), [9, 10, null]);
  assert.deepEqual(read.holidays.map(({ name, until }) => [name, until]), [["edge", dayNumber("2026-12-08")]]);
});

test("the days that count are those of the chosen phases and dates", () => {
  const on = (chosen) => ruler.runsOf(ruler.readRuler({ ...CAMPAIGN, chosen }).selected);
  assert.deepEqual(on({ phases: null }), [[0, 99]]);
  assert.deepEqual(on({ phases: ["b"] }), [[21, 76]]);
  assert.deepEqual(on({ phases: ["before"] }), []);
  assert.deepEqual(on({ phases: null, from: "2026-09-20", until: "2026-09-22" }), [[20, 22]]);
  assert.deepEqual(on({ phases: ["b"], from: "2026-09-20", until: "2026-09-22" }), [[21, 22]]);
});

test("clicks on phases: one, several, a stretch, none", () => {
  const order = ["a", "b", "c"];
  assert.deepEqual(ruler.pickPhase(order, null, "b"), ["b"]);
  assert.equal(ruler.pickPhase(order, ["b"], "b"), null);
  assert.deepEqual(ruler.pickPhase(order, ["a", "b"], "b"), ["b"]);
  assert.deepEqual(ruler.pickPhase(order, ["c"], "a", { add: true }), ["a", "c"]);
  assert.equal(ruler.pickPhase(order, ["a", "c"], "b", { add: true }), null);
  assert.equal(ruler.pickPhase(order, ["a"], "a", { add: true }), null);
  assert.deepEqual(ruler.pickPhase(order, ["c"], "b", { extend: true, anchor: "c" }), ["b", "c"]);
  assert.deepEqual(ruler.pickPhase(order, ["before"], "a", { add: true }), ["a"]);
});

test("bars stand side by side, each at least a pixel, and a point falls on its own bar", () => {
  for (const width of [300, 757.5, 1100, 3300]) {
    for (const length of [1, 30, 100, 365]) {
      let edge = -1;
      for (let index = 0; index < length; index += 1) {
        const bar = ruler.barPlace(index, length, width);
        assert.ok(bar.width >= 1 && Number.isInteger(bar.x));
        if (width > 2 * length) {
          assert.ok(bar.x > edge);
          assert.equal(ruler.dayAt(bar.x + bar.width / 2, width, length), index);
        }
        edge = bar.x + bar.width - 1;
      }
    }
  }
  assert.equal(ruler.dayAt(-50, 100, 10), 0);
  assert.equal(ruler.dayAt(500, 100, 10), 9);
});

test("labels kept never touch, and the first always stays", () => {
  const labels = [[0, 40], [30, 60], [62, 90], [47, 50]].map(([left, right]) => ({ left, right }));
  assert.deepEqual(ruler.withoutOverlap(labels, 6), [true, false, true, true]);
});

test("a sheet stays on the screen", () => {
  for (const top of [0, 300, 780, 860]) {
    const corner = sheetCorner({ left: 16, top, bottom: top + 32 }, { width: 600, height: 450 }, 1440, 900);
    assert.ok(corner.top >= 8 && corner.top + 450 <= 892 && corner.left === 16);
  }
  assert.equal(sheetCorner({ left: 1300, top: 0, bottom: 32 }, { width: 300, height: 200 }, 1440, 900).left, 1132);
});

test("only harmless addresses become links", () => {
  for (const good of ["/media/a.csv", "https://city/a", "blob:x", "media/a.csv?v=1", "./a", "a.csv"]) {
    assert.equal(safeLink(good), good);
  }
  for (const bad of ["javascript:alert(1)", " jAvascript:x", "data:text/html,x", "vbscript:x", "//evil", "java\nscript:x", "", null, 7]) {
    assert.equal(safeLink(bad), null, String(bad));
  }
});

test("repeated case numbers keep distinct rows", () => {
  const keys = distinctKeys(["1", "1", "1/0", "0/1"]);
  assert.equal(new Set(keys).size, 4);
});

test("a life in stage codes shows all six stages; given names stay as they are", () => {
  const coded = [{ name: "reported_at", at: "2026-10-21 08:00" }, { name: "handled_at", at: "2026-10-22 09:00" }, { name: "due_at", at: "2026-10-23 08:00" }];
  assert.deepEqual(lifeOf(coded, zh).map(({ name, at }) => [name, at !== null]), [
    ["上报", true], ["立案", false], ["派遣", false], ["处置", true], ["核查", false], ["结案", false],
  ]);
  const named = [{ name: "上报", at: null }];
  assert.equal(lifeOf(named, zh), named);
});

test("weeks in one sentence", () => {
  assert.equal(weekSummary(zh, ["36", "37"], [2, 5]), "第 36 至 37 周共 7 件，第 37 周最多，5 件");
  assert.equal(weekSummary(zh, [], []), texts.zh["case.no_weeks"]);
});

test("the first click travels at once, those close behind it together", async () => {
  const sent = [];
  const draft = createDraft({ send: (patch) => sent.push(patch), refresh() {}, gather_ms: 5 });
  draft.ask({ phases: ["a"] });
  draft.ask({ compare: null });
  await Promise.resolve();
  assert.deepEqual(sent, [{ phases: ["a"], compare: null }]);
  draft.ask({ phases: ["b"] });
  draft.ask({ phases: ["c"] });
  await Promise.resolve();
  assert.equal(sent.length, 1);
  await new Promise((done) => setTimeout(done, 15));
  assert.deepEqual(sent.slice(1), [{ phases: ["c"] }]);
  draft.destroy();
});

test("a late answer does not undo a newer click", async () => {
  const sent = [];
  const draft = createDraft({ send: (patch) => sent.push(patch), refresh() {}, gather_ms: 5, patience_ms: 60 });
  draft.confirm({ role: "lead", offices: null });
  draft.ask({ offices: ["a"] });
  draft.ask({ role: "any" });
  await new Promise((done) => setTimeout(done, 15));
  assert.deepEqual(sent, [{ offices: ["a"], role: "any" }]);
  draft.ask({ offices: ["b"] });
  draft.confirm({ role: "any", offices: ["a"] });
  assert.deepEqual(draft.values(), { role: "any", offices: ["b"] });
  await new Promise((done) => setTimeout(done, 15));
  draft.confirm({ role: "lead", offices: ["b"] });
  assert.deepEqual(draft.values(), { role: "lead", offices: ["b"] });
  draft.ask({ role: "any" });
  await new Promise((done) => setTimeout(done, 90));
  assert.equal(draft.values().role, "lead");
  draft.destroy();
});
