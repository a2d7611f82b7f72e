// The tick boxes of the panels: random trees and clicks, against a plain model that walks leaves.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  STATUS_GROUPS,
  familyNodes,
  familyPatch,
  familyTicks,
  statusGroup,
} from "../../dashboard/components/panels/filter_words.js";
import * as trees from "../../dashboard/components/panels/tree_state.js";

function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function randomNodes(roll) {
  const n = 1 + roll(30);
  return Array.from({ length: n }, (_, at) => ({
    code: `c${at}`,
    name: `office ${at}`,
    parent: at === 0 || roll(4) === 0 ? null : `c${roll(at)}`,
  }));
}

const leavesBelow = (nodes, code) => {
  const children = nodes.filter(({ parent }) => parent === code);
  return children.length ? children.flatMap((child) => leavesBelow(nodes, child.code)) : [code];
};

const modelState = (nodes, leaves, code) => {
  const below = leavesBelow(nodes, code);
  const n = below.filter((leaf) => leaves.has(leaf)).length;
  return n === below.length ? "all" : n ? "some" : "none";
};

test("any clicks on any tree agree with counting the leaves", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const roll = dice(seed);
    const nodes = randomNodes(roll);
    const tree = trees.arrangeTree(nodes);
    let ticks = trees.ticksFor(tree, null);
    const leaves = new Set(nodes.flatMap(({ code }) => leavesBelow(nodes, code)));
    for (let click = 0; click < 25; click += 1) {
      const { code } = nodes[roll(nodes.length)];
      const full = modelState(nodes, leaves, code) === "all";
      for (const leaf of leavesBelow(nodes, code)) full ? leaves.delete(leaf) : leaves.add(leaf);
      ticks = trees.toggleTick(tree, ticks, code);
      const states = trees.tickStates(tree, ticks);
      for (const node of nodes) {
        assert.equal(states.get(node.code), modelState(nodes, leaves, node.code), `seed ${seed}`);
        assert.equal(ticks.has(node.code), states.get(node.code) === "all");
      }
    }
  }
});

test("what is reported reads back as the same ticks", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const roll = dice(seed);
    const tree = trees.arrangeTree(randomNodes(roll));
    let ticks = trees.ticksFor(tree, null);
    for (let click = 0; click < 6; click += 1) {
      ticks = trees.toggleTick(tree, ticks, tree[roll(tree.length)].code);
    }
    const chosen = trees.chosenFrom(tree, ticks);
    assert.deepEqual(trees.ticksFor(tree, chosen), ticks);
    assert.equal(chosen === null, ticks.size === tree.length);
  }
});

test("a chosen parent means everything below it; unknown codes mean nothing", () => {
  const tree = trees.arrangeTree([
    { code: "a", parent: null },
    { code: "b", parent: "a" },
    { code: "c", parent: "b" },
    { code: "d", parent: "a" },
  ]);
  assert.deepEqual([...trees.ticksFor(tree, ["b", "gone"])].sort(), ["b", "c"]);
  assert.deepEqual([...trees.ticksFor(tree, [])], []);
  assert.deepEqual(trees.chosenFrom(tree, new Set()), []);
});

test("only this one, and again everything", () => {
  const tree = trees.arrangeTree([
    { code: "a", parent: null },
    { code: "b", parent: "a" },
    { code: "c", parent: "a" },
  ]);
  const everything = trees.ticksFor(tree, null);
  const only = trees.onlyTick(tree, everything, "c");
  assert.deepEqual(trees.chosenFrom(tree, only), ["c"]);
  assert.deepEqual(trees.onlyTick(tree, only, "c"), everything);
});

test("no node is lost: not with an unknown parent, not with itself as parent, not on a circle", () => {
  const nodes = [
    { code: "a", parent: "b" },
    { code: "b", parent: "a" },
    { code: "c", parent: "c" },
    { code: "d", parent: "nowhere" },
    { code: "e", parent: "a" },
  ];
  const tree = trees.arrangeTree(nodes);
  assert.deepEqual(tree.map(({ code }) => code).sort(), ["a", "b", "c", "d", "e"]);
  for (const node of tree) {
    const at = tree.findIndex(({ code }) => code === node.up);
    assert.ok(node.up === null || at < tree.indexOf(node));
  }
});

test("searching shows the hits and the way to them, whatever is closed", () => {
  const tree = trees.arrangeTree([
    { code: "a", name: "District", parent: null },
    { code: "b", name: "Teams", parent: "a" },
    { code: "c", name: "South Team", parent: "b" },
    { code: "d", name: "Bureaus", parent: "a" },
  ]);
  assert.deepEqual([...trees.visibleCodes(tree, new Set(), "south")].sort(), ["a", "b", "c"]);
  assert.deepEqual([...trees.visibleCodes(tree, new Set(["a"]), "")].sort(), ["a", "b", "d"]);
  assert.equal(trees.visibleCodes(tree, new Set(), "zzz").size, 0);
});

const FAMILIES = [
  { code: "occupancy", name: "占道经营", n: 5, categories: [{ code: "x", name: "X", n: 2 }, { code: "y", name: "Y", n: 3 }] },
  { code: "littering", name: "乱倒垃圾", n: 1, categories: [{ code: "z", name: "Z", n: 1 }] },
  { code: "other", name: "其他", n: 0, categories: [] },
];

test("families and categories travel as two lists that both must hold, and come back", () => {
  const tree = trees.arrangeTree(familyNodes(FAMILIES));
  let ticks = trees.ticksFor(tree, null);
  for (const [code, patch] of [
    ["family/other", { families: ["occupancy", "littering"], categories: null }],
    ["category/occupancy/x", { families: ["occupancy", "littering"], categories: ["y", "z"] }],
    ["category/occupancy/y", { families: ["littering"], categories: null }],
    ["family/littering", { families: [], categories: null }],
    ["category/occupancy/y", { families: ["occupancy"], categories: ["y"] }],
  ]) {
    ticks = trees.toggleTick(tree, ticks, code);
    assert.deepEqual(familyPatch(FAMILIES, trees.chosenFrom(tree, ticks)), patch);
    assert.deepEqual(trees.ticksFor(tree, familyTicks(FAMILIES, patch)), ticks);
  }
});

test("the four short answers cover every status once", () => {
  const exact = STATUS_GROUPS.flatMap(({ statuses }) => statuses ?? []);
  assert.deepEqual([...exact].sort(), ["closed_late", "closed_on_time", "due_soon", "open", "overdue"]);
  for (const { code, statuses } of STATUS_GROUPS) {
    assert.equal(statusGroup(statuses && [...statuses].reverse()), code);
  }
  assert.equal(statusGroup(["open"]), null);
});
