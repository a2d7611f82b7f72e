/** Targets on the map: which register is flagged, and what each numbered flag stands for. */

import { build, setText, syncChildren } from "./dom.js";

/** The part; `emit({options: {targets}})`. Hidden where something is picked, or the city keeps no register. */
export function targetsPart(emit) {
  const title = build("span", {});
  const choice = build("select", { class: "gt-field", onchange: () => emit({ options: { targets: choice.value } }) });
  const list = build("ol", { class: "gt-flags" });
  const note = build("p", { class: "gt-none gt-flags-note" });
  const element = build("section", { class: "gt-block" }, [build("h3", { class: "gt-block-head" }, [title]), choice, list, note]);
  const createRow = () =>
    build("li", { class: "gt-flag" }, [build("span", { class: "gt-flag-n" }), build("b", {}), build("span", { class: "gt-flag-text" })]);
  return {
    element,
    update({ kind, targets }) {
      element.hidden = kind !== "none" || !targets;
      if (!targets) return;
      setText(title, targets.title);
      choice.setAttribute("aria-label", targets.title);
      syncChildren(choice, targets.options, ({ code }) => code, ({ code }) => build("option", { value: code }), (option, { name }) => setText(option, name));
      choice.value = targets.chosen;
      syncChildren(list, targets.rows, ({ n }) => n, createRow, (row, flag) => {
        const [n, name, text] = row.children;
        setText(n, flag.n);
        setText(name, flag.name);
        setText(text, flag.text);
      });
      setText(note, targets.note);
    },
  };
}
