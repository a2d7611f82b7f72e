/** The line under the map: do all ways of counting agree, and whose streets these are. */

import { build } from "./dom.js";

export function mount(root) {
  const verdict = build("strong", { class: "gt-verdict" });
  const text = build("span", {});
  const credit = build("span", { class: "gt-credit" });
  root.append(build("div", { class: "gt-totals", role: "status" }, [build("span", {}, [verdict, text]), credit]));
  return {
    update({ data }) {
      verdict.textContent = `${data.agrees ? "✓" : "▲"} ${data.verdict}`;
      verdict.dataset.agrees = String(data.agrees);
      text.textContent = data.text;
      credit.textContent = data.credit;
    },
    destroy: () => root.replaceChildren(),
  };
}
