/** The small controls the panels share: a row of choices, a section, a search box. */

import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";

/**
 * A row of buttons of which at most one is pressed; arrows move along it.
 *
 * `update(options, pressed)` takes `[{code, name, title?}]`.
 */
export function createChoice({ label, onPick, look = "joined" }) {
  const root = build("div", { class: `gt-oneof gt-oneof-${look}`, role: "radiogroup" });
  root.setAttribute("aria-label", label);
  const pick = (event) => {
    const button = event.target.closest("button");
    if (button) onPick(button.dataset.code);
  };
  root.addEventListener("click", pick);
  root.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...root.children];
    const at = buttons.indexOf(event.target.closest("button"));
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.focus();
    onPick(next.dataset.code);
  });
  return {
    element: root,
    update(options, pressed) {
      const one = options.some(({ code }) => code === pressed);
      syncChildren(root, options, ({ code }) => code, createOption, (button, option, index) => {
        setText(button, option.name);
        setAttributes(button, {
          "aria-checked": String(option.code === pressed),
          tabindex: option.code === pressed || (!one && index === 0) ? "0" : "-1",
          title: option.title,
        });
      });
    },
  };
}

function createOption({ code }) {
  const button = build("button", { type: "button", role: "radio" });
  button.dataset.code = code;
  return button;
}

/**
 * A titled part of a panel; it folds where the window is low.
 *
 * `summary(text)` writes what is chosen at the end of the heading.
 */
export function createSection({ title, children, foldFirst = true }) {
  const low = window.matchMedia("(max-height: 819px), (max-width: 560px)");
  const note = build("span", { class: "gt-head-note" });
  const heading = build("button", { type: "button", class: "gt-head-button" }, [
    build("span", { class: "gt-head-mark", "aria-hidden": "true" }),
    build("span", { class: "gt-head-title", text: title }),
    note,
  ]);
  const body = build("div", { class: "gt-section-body" }, children);
  const root = build("section", { class: "gt-section", "aria-label": title }, [
    build("h3", { class: "gt-head" }, [heading]),
    body,
  ]);
  let folded = false;
  const fold = (wanted) => {
    folded = wanted && low.matches;
    body.hidden = folded;
    setAttribute(root, "data-folded", folded);
    setAttribute(heading, "aria-expanded", low.matches ? String(!folded) : null);
    heading.disabled = !low.matches;
  };
  const fit = () => fold(foldFirst);
  heading.addEventListener("click", () => fold(!folded));
  low.addEventListener("change", fit);
  fit();
  return {
    element: root,
    summary: (text) => setText(note, text),
    destroy: () => low.removeEventListener("change", fit),
  };
}

/** A button that shows a value and opens something. */
export function createSelectButton(label) {
  const value = build("span", { class: "gt-select-value" });
  const mark = build("span", { class: "gt-select-mark", "aria-hidden": "true" });
  const element = build("button", { type: "button", class: "gt-select" }, [value, mark]);
  return {
    element,
    show(text, isRestricted = true) {
      setText(value, text);
      setAttributes(element, {
        "aria-label": `${label}: ${text}`,
        title: text,
        "data-quiet": !isRestricted,
      });
    },
  };
}

/** A search box; `onSearch(text)` runs on every key, Escape empties it first. */
export function createSearch({ label, onSearch }) {
  const input = build("input", {
    class: "gt-field gt-search",
    type: "search",
    placeholder: label,
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
  });
  input.addEventListener("input", () => onSearch(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !input.value) return;
    event.stopPropagation();
    input.value = "";
    onSearch("");
  });
  return input;
}
