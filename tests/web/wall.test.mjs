// Sizes, steps, clocks and geometry of the wall.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import * as wall from "../../dashboard/components/panels/wall_time.js";
import { createFeed } from "../../dashboard/components/panels/wall_feed.js";

const PANELS = new URL("../../dashboard/components/panels/", import.meta.url);

test("a unit is a pixel of 4K, and whichever side is short decides", () => {
  assert.equal(wall.unitOf(3840, 2160), 1);
  assert.equal(wall.unitOf(1920, 1080), 0.5);
  assert.equal(wall.unitOf(1920, 1200), 0.5);
  assert.equal(wall.unitOf(2560, 1080), 0.5);
  assert.ok(wall.unitOf(390, 844) > 390 / 3840);
});

test("screens follow each other in a ring", () => {
  assert.deepEqual([0, 1, 2, 3].map((at) => wall.stepped(at, 1, 4)), [1, 2, 3, 0]);
  assert.equal(wall.stepped(0, -1, 4), 3);
  assert.equal(wall.stepped(0, 1, 0), 0);
});

test("the time of the data names the day once it is another", () => {
  const then = new Date(2026, 10, 22, 14, 5);
  assert.equal(wall.clockText(then, new Date(2026, 10, 22, 23, 0), "zh-CN"), "14:05");
  assert.match(wall.clockText(then, new Date(2026, 10, 23, 0, 1), "zh-CN"), /11月22日 14:05/u);
});

test("cells keep all their bits in two halves, and outlines their place", () => {
  const cells = ["8a2830828047fff", "891ea6d6533ffff"];
  const { hi, lo, value, value2 } = wall.cellsOf({ cells, value: [3, 0], outlined: [1] });
  const back = [...hi].map((high, at) => high.toString(16) + lo[at].toString(16).padStart(8, "0"));
  assert.deepEqual(back, cells);
  assert.deepEqual([...value], [3, 0]);
  assert.deepEqual([...value2], [0, 1]);
});

test("stretches of a ruler meet without a gap and fill it", () => {
  const ruler = { first: "2026-08-31", last: "2026-12-08" };
  const [a, b] = [["2026-08-31", "2026-09-20"], ["2026-09-21", "2026-12-08"]].map(([from, until]) => wall.stretchOf(ruler, from, until, 1000));
  assert.equal(a.x, 0);
  assert.ok(Math.abs(a.width - b.x) < 1e-9);
  assert.ok(Math.abs(b.x + b.width - 1000) < 1e-9);
  assert.equal(wall.daysBetween("2026-02-28", "2026-03-01"), 1);
});

test("a share stays inside its domain, and a domain without width is no trap", () => {
  assert.equal(wall.shareOf([0.5, 1], 0.75), 0.5);
  assert.equal(wall.shareOf([0.5, 1], 0.2), 0);
  assert.equal(wall.shareOf([0.5, 1], 2), 1);
  assert.equal(wall.shareOf([0.5, 0.5], 0.5), 0);
});

test("the feed sends the mark it has, keeps it through failures, and asks sooner after one", async () => {
  const sent = [];
  const answers = [
    { status: 200, ok: true, json: async () => ({ mark: "one" }) },
    { status: 304, ok: false },
    new TypeError("gone"),
    { status: 304, ok: false },
  ];
  const kept = { fetch: globalThis.fetch, window: globalThis.window, document: globalThis.document, setTimeout: globalThis.setTimeout };
  const waits = [];
  Object.assign(globalThis, {
    window: { addEventListener() {}, removeEventListener() {} },
    document: { hidden: false, addEventListener() {}, removeEventListener() {} },
    fetch: async (_, { headers }) => {
      sent.push(headers["If-None-Match"] ?? null);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const heard = [];
  const taken = [];
  await new Promise((done) => {
    globalThis.setTimeout = (run, wait) => {
      waits.push(wait);
      if (!answers.length) done();
      else queueMicrotask(run);
      return 0;
    };
    createFeed({ address: "x", take: async (told) => taken.push(told.mark), heard: ({ reached }) => heard.push(reached) }).begin();
  });
  Object.assign(globalThis, kept);
  assert.deepEqual(sent, [null, '"one"', '"one"', '"one"']);
  assert.deepEqual(taken, ["one"]);
  assert.deepEqual(heard, [true, true, false, true]);
  assert.deepEqual(waits, [wall.ASK_MS, wall.ASK_MS, wall.RETRY_MS, wall.ASK_MS]);
});

test("no letter on the wall is smaller than its limit: notes 36 units", () => {
  const css = readFileSync(new URL("wall.css", PANELS), "utf8");
  const sizes = [...css.matchAll(/font(?:-size)?:[^;]*?calc\((\d+) \* var\(--w\)\)/gu)].map(([, size]) => Number(size));
  assert.ok(sizes.length > 20);
  assert.deepEqual(sizes.filter((size) => size < 36), []);
  assert.ok(sizes.includes(168));
});

test("the wall writes text only as text", () => {
  const files = readdirSync(PANELS).filter((name) => name.startsWith("wall") && name.endsWith(".js"));
  assert.ok(files.length >= 8);
  for (const name of files) assert.doesNotMatch(readFileSync(new URL(name, PANELS), "utf8"), /innerHTML|insertAdjacentHTML|document\.write/u, name);
});
