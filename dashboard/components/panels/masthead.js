/** The top bar: mark and city, made-up label, version, theme and language; below it what must be said. */

import { build } from "./dom.js";
import { createSidebarSwitch } from "./sidebar_switch.js";

export function mount(root, { data, emit }) {
  let shown = data;
  const badge = build("span", { class: "gt-made-up" });
  const version = build("span", { class: "gt-version" });
  const theme = build("button", { type: "button", class: "gt-mast-button", onclick: () => toggleTheme(shown.paths ?? []) });
  const zh = build("button", { type: "button", class: "gt-mast-button", text: "中", onclick: () => emit({ lang: "zh" }) });
  const en = build("button", { type: "button", class: "gt-mast-button", text: "EN", onclick: () => emit({ lang: "en" }) });
  const languages = build("div", { class: "gt-mast-switch", role: "group" }, [zh, en]);
  const city = build("span", {});
  const brand = build("strong", {});
  root.append(build("div", { class: "gt-brand" }, [mark(), brand, city]));
  const sidebar = createSidebarSwitch();
  const filters = sidebar.element;
  const notice = build("div", { class: "gt-notice", role: "alert", hidden: true });
  root.append(build("div", { class: "gt-masthead" }, [badge, version, filters, theme, languages]), notice);
  return {
    update({ data: fresh, boot }) {
      shown = fresh;
      brand.textContent = shown.brand;
      city.textContent = shown.city;
      badge.textContent = shown.made_up ?? "";
      badge.hidden = !shown.made_up;
      version.textContent = shown.version;
      version.title = shown.as_of ?? "";
      theme.textContent = boot.theme === "dark" ? shown.light : shown.dark;
      filters.textContent = shown.filters ?? "";
      notice.textContent = shown.notice ?? "";
      notice.hidden = !shown.notice;
      makeRoomFor(notice);
      languages.setAttribute("aria-label", shown.language);
      for (const [button, lang] of [[zh, "zh"], [en, "en"]]) button.setAttribute("aria-pressed", String(boot.lang === lang));
    },
    destroy() {
      sidebar.destroy();
      root.replaceChildren();
    },
  };
}

/** A notice is read whole: the page begins below its last line. */
function makeRoomFor(notice) {
  const page = document.documentElement.style;
  page.removeProperty("--gt-below");
  if (notice.scrollHeight > notice.clientHeight) page.setProperty("--gt-below", `min(40vh, ${notice.scrollHeight + 2}px)`);
}

/** Streamlit keeps the chosen theme under this key and reads it when the page loads. */
function toggleTheme(paths) {
  const dark = document.documentElement.dataset.gtTheme === "dark";
  const wanted = dark ? "Light" : "Dark";
  for (const path of new Set([location.pathname, ...paths])) {
    localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(wanted));
  }
  location.reload();
}

/** The mark: a wall map hung from its bar, one hexagon on it. */
function mark() {
  const svg = (name, attributes, children = []) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  return svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, [
    svg("path", { d: "M3 5h26", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round" }),
    svg("path", { d: "M6.500 5v16.500L16 29l9.500-7.500V5", fill: "none", stroke: "currentColor", "stroke-width": 2.6, "stroke-linejoin": "round" }),
    svg("path", { d: "m16 9.200 5.200 3v6L16 21.200l-5.200-3v-6z", fill: "var(--gt-heat-4)" }),
  ]);
}
