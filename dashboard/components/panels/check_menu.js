/** A button with a sheet of tick boxes: channels, exact statuses. */

import { createCheckTree } from "./check_tree.js";
import { createSearch, createSelectButton } from "./controls.js";
import { build, setText } from "./dom.js";
import { createPopover } from "./popover.js";

const SEARCH_FROM = 13;

/**
 * A tick list below a button; `onChange(codes | null)`.
 *
 * `anchor` replaces the usual select button, `summary(nodes, chosen)` words what is ticked.
 */
export function createCheckMenu({ label, say, onChange, summary, anchor }) {
  const select = anchor ? null : createSelectButton(label);
  const button = anchor ?? select.element;
  const tree = createCheckTree({ label, words: { only: say("tree.only") }, onChange });
  const search = searchAbove(tree, say);
  const all = build("button", {
    type: "button",
    class: "gt-link",
    text: say("tree.all"),
    onclick: () => onChange(null),
  });
  const head = build("div", { class: "gt-menu-head" }, [
    build("span", { class: "gt-menu-title", text: label }),
    all,
  ]);
  const content = build("div", { class: "gt-menu" }, [head, search.element, tree.element]);
  const popover = createPopover({
    anchor: button,
    content,
    label,
    onOpen: () => tree.element.querySelector('[tabindex="0"]')?.focus({ preventScroll: true }),
  });
  return {
    element: anchor ? null : build("div", { class: "gt-anchor" }, [button, popover.sheet]),
    update(nodes, chosen) {
      tree.update({ nodes, chosen });
      search.offer(nodes.length);
      all.disabled = chosen == null;
      select?.show(summary(nodes, chosen), chosen != null);
    },
    destroy: popover.destroy,
  };
}

/** A search box for a tree, shown only when there is much to search. */
export function searchAbove(tree, say) {
  const none = build("p", { class: "gt-none", role: "status" });
  const input = createSearch({
    label: say("tree.search"),
    onSearch: (query) => setText(none, tree.search(query) ? "" : say("tree.no_hit")),
  });
  const element = build("div", { class: "gt-search-box" }, [input, none]);
  return {
    element,
    offer(n) {
      element.hidden = n < SEARCH_FROM;
    },
  };
}
