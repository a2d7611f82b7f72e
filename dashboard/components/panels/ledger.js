/**
 * The register of cases: search, states with their counts, a list that opens to the whole case, pages.
 *
 * Every text of a case is written as text. What is opened lives in the link, so that it can be sent.
 */

import { build, safeLink, setAttribute, setText, syncChildren } from "./dom.js";
import { distinctKeys } from "./case_list.js";
import { caseNode } from "./ledger_case.js";
import { createProofCard, numberNode } from "./proof_popover.js";
import { createRow, paintRow } from "./ledger_row.js";
import { speaker } from "./words.js";

export function mount(root, { data, text, emit }) {
  const head = createHead(emit);
  const states = build("div", { class: "gt-ledger-states", role: "group" });
  const top = build("div", { class: "gt-ledger-apart" });
  const list = build("ol", { class: "gt-ledger-rows" });
  const empty = createEmpty(emit);
  const pager = createPager(emit, root);
  const panel = build("section", { class: "gt-block-sheet gt-ledger" }, [states, top, columnHeads(), list, empty.element, pager.element]);
  const page = build("main", { class: "gt-panel gt-page gt-findings" }, [head.element, panel]);
  const card = createProofCard(page, speaker(text));
  page.append(card.element);
  root.append(page);
  let apart = "";

  function update({ data: next }) {
    const scene = { words: next.words, emit, open: next.open };
    head.update(next);
    setAttribute(states, "aria-label", next.words.status);
    syncChildren(states, next.statuses, ({ text }) => text, createState, (node, state) => paintState(node, state, emit));
    paintHeads(panel.querySelector(".gt-ledger-heads"), next.words, next.rows.length);
    paintApart(next.open, scene);
    const keys = distinctKeys(next.rows.map(({ id }) => id));
    syncChildren(list, next.rows, (_, at) => keys[at], createRow, (node, row) => paintRow(node, row, scene));
    empty.update(next);
    pager.update(next);
    card.settle();
  }

  /** A case opened by a link that is not on this page stands above the list. */
  function paintApart(open, scene) {
    const told = open && !open.on_page ? JSON.stringify(open) : "";
    if (told === apart) return;
    apart = told;
    top.replaceChildren();
    if (!told) return;
    const words = open.missing ? build("p", { class: "gt-page-empty", text: open.missing }) : caseNode(open, scene);
    top.append(words);
  }

  update({ data });
  function destroy() {
    card.destroy();
    root.replaceChildren();
  }

  return { update, destroy };
}

function createHead(emit) {
  const title = build("h1", {});
  const lead = build("p", { class: "gt-sheet-lead" });
  const field = build("input", { type: "search", class: "gt-ledger-field", autocomplete: "off", maxlength: "80" });
  const go = build("button", { type: "submit", class: "gt-act" });
  const form = build("form", { class: "gt-ledger-search", role: "search", onsubmit: (event) => search(event) }, [field, go]);
  const downloads = build("div", { class: "gt-sheet-tools" });
  let shown = null;

  function search(event) {
    event.preventDefault();
    emit({ options: { find: field.value.trim(), page: "", case: "" } });
  }
  field.addEventListener("search", (event) => field.value === "" && shown && search(event));

  return {
    element: build("header", { class: "gt-page-head" }, [
      build("div", { class: "gt-sheet-title" }, [title, lead]),
      build("div", { class: "gt-sheet-tools" }, [form, downloads]),
    ]),
    update({ title: name, lead: line, words, search: found, downloads: files }) {
      setText(title, name);
      setText(lead, line);
      setText(go, words.search_go);
      setAttribute(field, "placeholder", words.search_hint);
      setAttribute(field, "aria-label", `${words.search} · ${words.search_hint}`);
      if (found !== shown) field.value = found;
      shown = found;
      syncChildren(downloads, files, ({ text }) => text, createLink, paintLink);
    },
  };
}

function createLink() {
  return build("a", { class: "gt-act gt-act-link", download: "" });
}

function paintLink(link, { text, hint, href }) {
  setText(link, text);
  setAttribute(link, "title", hint);
  setAttribute(link, "href", safeLink(href));
}

function createState() {
  return build("button", { type: "button", class: "gt-ledger-state" }, [build("span", { "aria-hidden": "true" }), build("span", {}), build("b", {})]);
}

function paintState(node, { text, sign, n, status, pressed, patch }, emit) {
  const [mark, word, count] = node.children;
  setText(mark, sign);
  setText(word, text);
  setText(count, n);
  setAttribute(node, "data-status", status || null);
  setAttribute(node, "aria-pressed", String(pressed));
  node.onclick = () => emit({ ...patch, options: { page: "", case: "" } });
}

function columnHeads() {
  const cells = Array.from({ length: 6 }, () => build("span", {}));
  return build("div", { class: "gt-ledger-heads gt-ledger-grid", "aria-hidden": "true" }, cells);
}

function paintHeads(heads, words, rows) {
  heads.hidden = !rows;
  ["status", "what", "office", "reported", "life", "due"].forEach((word, at) => setText(heads.children[at], words[word]));
}

function createEmpty(emit) {
  const text = build("p", { class: "gt-page-empty" });
  const relax = build("button", { type: "button", class: "gt-act", onclick: () => emit({ relax: true }) });
  const element = build("div", { class: "gt-ledger-empty" }, [text, relax]);
  return {
    element,
    update({ empty, words }) {
      element.hidden = !empty;
      setText(text, empty?.text);
      setText(relax, words.relax);
      relax.hidden = !empty?.relax;
    },
  };
}

function createPager(emit, root) {
  const before = build("button", { type: "button", class: "gt-act" });
  const where = build("span", {});
  const after = build("button", { type: "button", class: "gt-act" });
  const total = build("span", { class: "gt-ledger-total" });
  let proof = null;
  const note = build("p", { class: "gt-page-note" });
  const element = build("footer", { class: "gt-ledger-foot" }, [build("div", { class: "gt-ledger-pager" }, [total, before, where, after]), note]);
  const turn = (patch) => {
    emit(patch);
    root.scrollIntoView?.({ block: "start" });
  };
  return {
    element,
    update({ pager, words, note: told }) {
      if (total.textContent !== pager.text) total.replaceChildren(numberNode(pager.text, () => proof, { id: "proof/total" }));
      proof = pager.proof;
      setText(where, pager.where);
      setText(before, words.before);
      setText(after, words.after);
      before.disabled = !pager.before;
      after.disabled = !pager.after;
      before.onclick = () => turn(pager.before);
      after.onclick = () => turn(pager.after);
      setText(note, told);
    },
  };
}
