/**
 * A page of findings: a heading with controls, then blocks on a grid of twelve columns.
 *
 * A block whose data stay the same keeps its elements. One that changes is drawn anew, but keeps
 * its sort order, how far it was opened and scrolled, and the focus.
 */

import { drawBars } from "./chart_bars.js";
import { drawForest } from "./chart_forest.js";
import { drawLines } from "./chart_lines.js";
import { build, setAttribute, setText, syncChildren } from "./dom.js";
import { unfolded } from "./proof_parts.js";
import { createProofCard } from "./proof_popover.js";
import { drawCards } from "./sheet_cards.js";
import { controlNodes } from "./sheet_controls.js";
import { drawLists } from "./sheet_lists.js";
import { drawScale } from "./sheet_scale.js";
import { drawSentences } from "./sheet_sentences.js";
import { drawTable } from "./sheet_table.js";
import { speaker } from "./words.js";

const KINDS = {
  cards: drawCards,
  sentences: drawSentences,
  lists: drawLists,
  scale: drawScale,
  table: drawTable,
  forest: drawForest,
  lines: drawLines,
  bars: drawBars,
};
const MOST_COLUMNS = 12;

export function mount(root, { data, text, emit, boot, tokens }) {
  const say = speaker(text);
  const scene = { say, emit, tokens, lang: boot?.lang ?? "zh" };
  const head = createHead(scene);
  const blocks = build("div", { class: "gt-sheet-blocks" });
  const foot = build("p", { class: "gt-page-note gt-sheet-foot" });
  const page = build("main", { class: "gt-panel gt-page gt-findings" }, [head.element, blocks, foot]);
  const card = createProofCard(page, say);
  page.append(card.element);
  root.append(page);

  function update({ data: next }) {
    setAttribute(page, "data-page", next.name || null);
    head.update(next);
    setText(foot, next.foot);
    foot.hidden = !next.foot;
    syncChildren(blocks, unfolded(next), keyOf, createBlock, (node, block) => updateBlock(node, block, scene));
    card.settle();
  }

  update({ data });
  return {
    update,
    destroy() {
      for (const node of blocks.children) stop(node);
      card.destroy();
      root.replaceChildren();
    },
  };
}

/** Blocks are told apart by their name, else by kind and place. */
function keyOf({ id, kind }, at) {
  return id ? `id/${id}` : `${kind}/${at}`;
}

function createHead(scene) {
  const title = build("h1", {});
  const badge = build("span", { class: "gt-sheet-badge" });
  const lead = build("p", { class: "gt-sheet-lead" });
  const tools = build("div", { class: "gt-sheet-tools" });
  let shown = "";
  const words = build("div", { class: "gt-sheet-title" }, [title, badge, lead]);
  const element = build("header", { class: "gt-page-head" }, [words, tools]);
  return {
    element,
    update(next) {
      element.hidden = !next.title && !next.tools?.length;
      setText(title, next.title);
      setText(badge, next.badge);
      badge.hidden = !next.badge;
      setText(lead, next.lead);
      lead.hidden = !next.lead;
      const told = JSON.stringify(next.tools ?? []);
      if (told === shown) return;
      shown = told;
      keepingFocus(tools, () => tools.replaceChildren(...controlNodes(next.tools, scene)));
    },
  };
}

const states = new WeakMap();

function createBlock() {
  const node = build("section", {});
  states.set(node, { shown: "", memory: {}, stop: null });
  return node;
}

function updateBlock(node, block, scene) {
  const state = states.get(node);
  const told = JSON.stringify(block);
  if (told === state.shown) return;
  state.shown = told;
  keepingFocus(node, () => {
    stop(node);
    const span = Math.min(MOST_COLUMNS, Math.max(1, Math.round(block.span ?? MOST_COLUMNS)));
    node.className = `gt-block-sheet gt-block-${block.kind}`;
    node.style.setProperty("--span", span);
    const draw = () => {
      const drawn = block.empty ? emptyPart(block.empty) : (KINDS[block.kind] ?? nothing)(block, { ...scene, memory: state.memory });
      state.stop = drawn.stop ?? null;
      return drawn.node;
    };
    node.replaceChildren(...[headOf(block, scene), draw(), noteOf(block)].filter(Boolean));
  });
}

function stop(node) {
  states.get(node)?.stop?.();
}

function headOf({ title, tools = [] }, scene) {
  if (!title && !tools.length) return null;
  return build("div", { class: "gt-block-top" }, [
    build("h2", { text: title ?? "" }),
    tools.length ? build("div", { class: "gt-sheet-tools" }, controlNodes(tools, scene)) : null,
  ]);
}

function noteOf({ note }) {
  return note ? build("p", { class: "gt-page-note", text: note }) : null;
}

function emptyPart(words) {
  return { node: build("p", { class: "gt-page-empty", text: words }) };
}

function nothing() {
  return { node: null };
}

/** Draw, then give focus and inner scroll back to what stands in the same place. */
function keepingFocus(node, draw) {
  const focused = node.getRootNode().activeElement;
  const name = focused && node.contains(focused) ? focused.closest("[data-focus]")?.dataset.focus : null;
  const scrolled = [...node.querySelectorAll("[data-scroll]")].map(({ scrollTop, scrollLeft }) => [scrollTop, scrollLeft]);
  draw();
  [...node.querySelectorAll("[data-scroll]")].forEach((part, at) => {
    if (scrolled[at]) [part.scrollTop, part.scrollLeft] = scrolled[at];
  });
  if (name) node.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}
