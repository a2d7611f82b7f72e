/** Cases of a place, each one opening to its full text and its life from report to close-out. */

import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { instantWords } from "./words.js";

/** Icon of a status: it is never told by colour alone. */
export const STATUS_SIGNS = {
  overdue: "▲",
  due_soon: "◆",
  open: "●",
  closed_on_time: "✓",
  closed_late: "✓",
};

/** Stages of a life, in order; a case names those it has reached. */
const STAGE_ORDER = ["reported_at", "filed_at", "dispatched_at", "handled_at", "verified_at", "closed_at"];
const TONE_STATUS = { soon: "due_soon", ok: "closed_on_time", late: "closed_late" };

/** The list; open cases stay open through updates. */
export function createCaseList(say) {
  const element = build("ol", { class: "gt-cases" });
  const open = new Set();
  let cases = [];
  let keys = [];

  const paint = () =>
    syncChildren(element, cases, (_, at) => keys[at], createItem, paintItem);

  function createItem({ id }) {
    const head = build("button", { type: "button", class: "gt-case" }, [
      build("span", { class: "gt-case-what" }),
      build("span", { class: "gt-case-where" }),
      createStatus(),
      build("span", { class: "gt-case-line" }),
      build("span", { class: "gt-case-note" }),
    ]);
    head.addEventListener("click", () => {
      if (!open.delete(id)) open.add(id);
      paint();
    });
    return build("li", {}, [head]);
  }

  function paintItem(item, each) {
    const [what, where, status, line, note] = item.firstChild.children;
    const isOpen = open.has(each.id);
    setText(what, each.category);
    setText(where, each.street ?? say("case.no_street"));
    paintStatus(status, each);
    const reported = instantWords(say, String(each.reported_at ?? "").slice(0, 10));
    setText(line, [each.id, reported, each.channel].filter(Boolean).join(" · "));
    setAttribute(line, "title", line.textContent);
    setText(note, each.note);
    setAttribute(item.firstChild, "aria-expanded", String(isOpen));
    if (isOpen) paintDetail(item, each, say);
    else item.children[1]?.remove();
  }

  return {
    element,
    update(next) {
      cases = next;
      keys = distinctKeys(next.map(({ id }) => id));
      paint();
    },
  };
}

/** Each id with the number of its earlier appearances, so that no two keys are equal. */
export function distinctKeys(ids) {
  const seen = new Map();
  return ids.map((id) => {
    seen.set(id, (seen.get(id) ?? -1) + 1);
    return `${seen.get(id)}/${id}`;
  });
}

/** A chip with the sign and the word of a status. */
export function createStatus() {
  return build("span", { class: "gt-status" }, [
    build("span", { class: "gt-status-sign", "aria-hidden": "true" }),
    build("span", {}),
  ]);
}

function paintStatus(chip, { status: told, status_text: words }) {
  const status = TONE_STATUS[told] ?? told;
  setAttribute(chip, "data-status", status);
  setText(chip.firstChild, STATUS_SIGNS[status] ?? "");
  setText(chip.lastChild, words);
}

function paintDetail(item, each, say) {
  const detail = item.children[1] ?? item.appendChild(createDetail());
  const [text, facts, life] = detail.children;
  setText(text, each.description || say("case.no_text"));
  setAttribute(text, "data-quiet", !each.description);
  paintFacts(facts, each, say);
  const stages = lifeOf(each.times ?? [], say);
  syncChildren(life, stages, ({ name }, at) => `${at}/${name}`, createStep, (step, { name, at }) => {
    setText(step.firstChild, name);
    setText(step.lastChild, at ? instantWords(say, at) : "—");
    setAttributes(step, { "data-done": Boolean(at) });
  });
}

/** The life of a case in words: with stage codes all six stages, else the names as they came. */
export function lifeOf(times, say) {
  const reached = new Map(times.map(({ name, at }) => [name, at]));
  if (!reached.has("reported_at")) return times;
  return STAGE_ORDER.map((code) => ({ name: say(`stage.${code}`), at: reached.get(code) ?? null }));
}

function createDetail() {
  return build("div", { class: "gt-case-detail" }, [
    build("p", { class: "gt-case-text" }),
    build("dl", { class: "gt-particulars" }),
    build("ol", { class: "gt-life" }),
  ]);
}

function paintFacts(list, { address, office, channel, times = [] }, say) {
  const due = times.find(({ name }) => name === "due_at")?.at;
  const facts = [
    ["case.address", address],
    ["case.office", office],
    ["case.channel", channel],
    ["case.due", due && instantWords(say, due)],
  ].filter(([, value]) => value);
  const create = () => build("div", {}, [build("dt", {}), build("dd", {})]);
  syncChildren(list, facts, ([key]) => key, create, (row, [key, value]) => {
    setText(row.firstChild, say(key));
    setText(row.lastChild, value);
  });
}

function createStep() {
  return build("li", {}, [build("span", { class: "gt-life-name" }), build("span", { class: "gt-life-at" })]);
}
