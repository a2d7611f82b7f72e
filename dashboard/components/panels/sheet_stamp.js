/** The one-character stamp of an emerging class, in the colour of its family. */

import { build } from "./dom.js";

/** Colours of a class such as `new_hot` in a theme; null where there is no such class. `tokens` are those of the map. */
export function stampColours(stampClass, theme, { EMERGING, inkOn }) {
  const [, kind, side] = /^(.+)_(hot|cold)$/u.exec(String(stampClass ?? "")) ?? [];
  const family = EMERGING[kind ?? stampClass];
  if (!family) return null;
  const cold = side === "cold";
  const ground = theme === "dark" ? (cold ? family.coldDark : family.dark) : cold ? family.coldLight : family.light;
  return { ground, ink: inkOn(ground) };
}

/** Stamp and name. */
export function stampNode({ stamp, stamp_class: stampClass }, text, tokens) {
  const colours = tokens ? stampColours(stampClass, document.documentElement.dataset.gtTheme, tokens) : null;
  const seal = build("span", { class: "gt-stamp", "aria-hidden": "true", text: stamp });
  if (colours) {
    seal.style.setProperty("--ground", colours.ground);
    seal.style.setProperty("--ink", colours.ink);
  }
  return build("span", { class: "gt-stamp-cell" }, [seal, build("span", { text })]);
}
