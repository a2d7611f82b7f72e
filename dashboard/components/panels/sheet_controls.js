/** Controls of a page: choices, buttons that change the view, downloads. */

import { build, safeLink } from "./dom.js";

const MOST_BUTTONS = 5;
const MOST_LETTERS = 34;

/** An element for each control; unknown kinds are left out. */
export function controlNodes(controls, scene) {
  const make = { choice: choiceNode, patch: patchNode, link: linkNode };
  return (controls ?? []).map((control) => make[control.kind]?.(control, scene)).filter(Boolean);
}

/** Few short options stand side by side, many or long ones in a list. */
export function asButtons(options) {
  const letters = options.reduce((sum, { label }) => sum + widthOf(label), 0);
  return options.length <= MOST_BUTTONS && letters <= MOST_LETTERS * 2;
}

/** Width of a text in half-widths: a Chinese character is as wide as two Latin letters. */
export function widthOf(text) {
  return [...String(text)].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
}

function choiceNode(control, scene) {
  return asButtons(control.options) ? buttonsNode(control, scene) : listNode(control, scene);
}

function buttonsNode({ key, label, value, options }, { emit }) {
  const group = build("div", { class: "gt-oneof-sheet", role: "group", "aria-label": label });
  const buttons = options.map((option) =>
    build("button", {
      type: "button",
      text: option.label,
      title: option.hint,
      "aria-pressed": String(option.value === value),
      "data-focus": `${key}/${option.value}`,
      onclick: ({ currentTarget }) => {
        for (const one of buttons) one.setAttribute("aria-pressed", String(one === currentTarget));
        emit({ options: { [key]: option.value } });
      },
    }),
  );
  group.append(...buttons);
  return group;
}

function listNode({ key, label, value, options }, { emit }) {
  const list = build(
    "select",
    {
      class: "gt-select gt-choose",
      "data-focus": key,
      "aria-label": label,
      onchange: ({ currentTarget }) => emit({ options: { [key]: currentTarget.value } }),
    },
    options.map((option) => build("option", { value: option.value, text: option.label, title: option.hint })),
  );
  list.value = value;
  return build("label", { class: "gt-choose-row" }, [build("span", { text: label }), list]);
}

function patchNode({ label, patch, hint, leading }, { emit }) {
  const look = leading ? "gt-act gt-act-leading" : "gt-act";
  return build("button", { type: "button", class: look, text: label, title: hint, "data-focus": `patch/${label}`, onclick: () => emit(patch) });
}

function linkNode({ label, href, hint }) {
  const address = safeLink(href);
  if (!address) return null;
  return build("a", { class: "gt-act gt-act-link", href: address, download: address.includes("/export?") ? "" : null, text: label, title: hint, "data-focus": `link/${label}` });
}
