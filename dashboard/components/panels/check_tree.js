/**
 * A tree of tick boxes with counts: one tab stop, arrows inside, every row a target.
 *
 * Space or Enter ticks, Shift with either keeps only that row, left and right close and open.
 */

import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import {
  arrangeTree,
  chosenFrom,
  onlyTick,
  tickStates,
  ticksFor,
  toggleTick,
  visibleCodes,
} from "./tree_state.js";
import { countWords } from "./words.js";

const ARIA_TICK = { all: "true", some: "mixed", none: "false" };

/**
 * A tree; `onChange(codes | null)` reports every tick, null meaning everything.
 *
 * `chevron` is the side of the open/close mark, `openDepth` how many levels start open. Nodes are
 * `{code, name, n, parent?, sign?}`; a sign is an icon that goes before the name.
 */
export function createCheckTree({ label, words, onChange, chevron = "start", openDepth = 9 }) {
  const root = build("div", { class: `gt-tree gt-tree-${chevron}`, role: "tree" });
  setAttributes(root, { "aria-label": label, "aria-multiselectable": "true" });
  const known = new Set();
  const open = new Set();
  let tree = [];
  let ticks = new Set();
  let query = "";
  let active = null;

  function update({ nodes, chosen }) {
    tree = arrangeTree(nodes);
    ticks = ticksFor(tree, chosen);
    for (const { code, depth } of tree) {
      if (!known.has(code) && depth < openDepth) open.add(code);
      known.add(code);
    }
    paint();
  }

  function paint() {
    const states = tickStates(tree, ticks);
    const shown = visibleCodes(tree, open, query);
    const rows = tree.filter(({ code }) => shown.has(code));
    root.classList.toggle("gt-tree-flat", tree.every(({ below }) => !below.length));
    if (!rows.some(({ code }) => code === active)) active = rows[0]?.code ?? null;
    const draw = (row, node) => paintRow(row, node, states.get(node.code));
    syncChildren(root, rows, ({ code }) => code, createRow, draw);
  }

  function createRow({ code }) {
    const row = build("div", { class: "gt-row", role: "treeitem" }, [
      build("span", { class: "gt-twist", "aria-hidden": "true" }),
      build("span", { class: "gt-box", "aria-hidden": "true" }),
      build("span", { class: "gt-row-name" }),
      build("button", { class: "gt-only", type: "button", tabindex: "-1", text: words.only }),
      build("span", { class: "gt-row-n" }),
    ]);
    row.dataset.code = code;
    return row;
  }

  function paintRow(row, node, state) {
    const isOpen = open.has(node.code) || query !== "";
    const [twist, , name, , n] = row.children;
    setAttributes(row, {
      "aria-checked": ARIA_TICK[state],
      "aria-level": node.depth + 1,
      "aria-expanded": node.below.length ? String(isOpen) : null,
      "aria-label": `${node.name}, ${countWords(node.n)}`,
      tabindex: node.code === active ? "0" : "-1",
      title: node.name,
    });
    setAttribute(row, "data-empty", node.n === 0);
    row.style.setProperty("--depth", Math.min(node.depth, 5));
    twist.classList.toggle("gt-twist-on", node.below.length > 0);
    setText(name, node.name);
    setAttributes(name, { "data-sign": node.sign, "data-status": node.sign && node.code });
    setText(n, countWords(node.n));
  }

  function change(next) {
    ticks = next;
    paint();
    onChange(chosenFrom(tree, ticks));
  }

  function twist(code, wanted = !open.has(code)) {
    if (wanted) open.add(code);
    else open.delete(code);
    paint();
  }

  function goTo(code) {
    if (code == null) return;
    active = code;
    paint();
    [...root.children].find((row) => row.dataset.code === code)?.focus();
  }

  root.addEventListener("click", (event) => {
    const row = event.target.closest(".gt-row");
    if (!row) return;
    const { code } = row.dataset;
    if (event.target.closest(".gt-twist-on")) twist(code);
    else if (event.target.closest(".gt-only")) change(onlyTick(tree, ticks, code));
    else change(toggleTick(tree, ticks, code));
    goTo(code);
  });

  root.addEventListener("keydown", (event) => {
    const row = event.target.closest(".gt-row");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (treeKey(event, row.dataset.code)) event.preventDefault();
  });

  function treeKey(event, code) {
    const node = tree.find((each) => each.code === code);
    const order = [...root.children].map((row) => row.dataset.code);
    const at = order.indexOf(code);
    const isOpen = open.has(code);
    const moves = {
      ArrowDown: () => goTo(order[at + 1]),
      ArrowUp: () => goTo(order[at - 1]),
      Home: () => goTo(order[0]),
      End: () => goTo(order.at(-1)),
      ArrowRight: () => (node.below.length && !isOpen ? twist(code, true) : goTo(node.below[0])),
      ArrowLeft: () => (node.below.length && isOpen ? twist(code, false) : goTo(node.up)),
      " ": () => change((event.shiftKey ? onlyTick : toggleTick)(tree, ticks, code)),
    };
    moves.Enter = moves[" "];
    moves[event.key]?.();
    return event.key in moves;
  }

  return {
    element: root,
    update,
    search(next) {
      query = next;
      paint();
      return root.children.length;
    },
  };
}
