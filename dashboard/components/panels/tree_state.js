/**
 * What is ticked in a tree, without a screen.
 *
 * A set holds the codes that are ticked; a parent is in it only when everything below it is.
 * Outside, null means "no restriction" and equals everything ticked.
 */

/**
 * Order flat nodes `{code, parent}` as a tree, each parent before its children.
 *
 * Order among siblings is kept. A node whose parent is unknown, itself, or on a circle becomes a
 * root: nothing disappears. Each result is `{...node, depth, up, below}`; `up` and `below` are codes.
 */
export function arrangeTree(nodes) {
  const known = new Map(nodes.map((node) => [node.code, node]));
  const rooted = (node) => !known.has(node.parent) || circles(node, known);
  const below = new Map();
  for (const node of nodes) {
    const up = rooted(node) ? null : node.parent;
    below.set(up, [...(below.get(up) ?? []), node]);
  }
  const arranged = [];
  const walk = (up, depth) => {
    for (const node of below.get(up) ?? []) {
      const children = (below.get(node.code) ?? []).map((child) => child.code);
      arranged.push({ ...node, depth, up, below: children });
      walk(node.code, depth + 1);
    }
  };
  walk(null, 0);
  return arranged;
}

function circles(node, known) {
  const seen = new Set([node.code]);
  for (let up = known.get(node.parent); up; up = known.get(up.parent)) {
    if (up.code === node.code) return true;
    if (seen.has(up.code)) return false;
    seen.add(up.code);
  }
  return false;
}

/** The codes ticked for `chosen`; a chosen parent ticks everything below it. */
export function ticksFor(tree, chosen) {
  if (chosen == null) return new Set(tree.map((node) => node.code));
  const asked = new Set(chosen);
  const ticks = new Set();
  for (const node of tree) if (asked.has(node.code) || ticks.has(node.up)) ticks.add(node.code);
  return raised(tree, ticks);
}

/** "all", "some" or "none" for every code. */
export function tickStates(tree, ticks) {
  const states = new Map();
  for (const node of [...tree].reverse()) {
    const below = node.below.map((code) => states.get(code));
    if (!below.length) states.set(node.code, ticks.has(node.code) ? "all" : "none");
    else if (below.every((state) => state === "all")) states.set(node.code, "all");
    else states.set(node.code, below.every((state) => state === "none") ? "none" : "some");
  }
  return states;
}

/** The ticks after one click: a full branch is cleared, any other is filled. */
export function toggleTick(tree, ticks, code) {
  const full = tickStates(tree, ticks).get(code) === "all";
  const after = new Set(ticks);
  for (const each of branchOf(tree, code)) full ? after.delete(each) : after.add(each);
  return raised(tree, after);
}

/** Only this branch; everything again when it already is the only one. */
export function onlyTick(tree, ticks, code) {
  const branch = raised(tree, new Set(branchOf(tree, code)));
  const already = branch.size === ticks.size && [...branch].every((each) => ticks.has(each));
  return already ? ticksFor(tree, null) : branch;
}

/** A code and all codes below it. */
export function branchOf(tree, code) {
  const branch = new Set([code]);
  for (const node of tree) if (branch.has(node.up)) branch.add(node.code);
  return [...branch];
}

/** What to report: null for everything, else the ticked codes in tree order. */
export function chosenFrom(tree, ticks) {
  const codes = tree.map((node) => node.code).filter((code) => ticks.has(code));
  return codes.length === tree.length ? null : codes;
}

/**
 * The codes to show: all of an open branch; while searching, the hits and what leads to them.
 */
export function visibleCodes(tree, open, query = "") {
  const wanted = query.trim().toLocaleLowerCase();
  const shown = new Set();
  if (!wanted) {
    for (const { code, up } of tree) {
      if (up === null || (shown.has(up) && open.has(up))) shown.add(code);
    }
    return shown;
  }
  for (const node of [...tree].reverse()) {
    const hit = String(node.name).toLocaleLowerCase().includes(wanted);
    if (hit || node.below.some((code) => shown.has(code))) shown.add(node.code);
  }
  return shown;
}

function raised(tree, ticks) {
  const after = new Set(ticks);
  for (const node of [...tree].reverse()) {
    if (!node.below.length) continue;
    if (node.below.every((code) => after.has(code))) after.add(node.code);
    else after.delete(node.code);
  }
  return after;
}
