/** Every colour, type face and stroke of the map, for both themes. No other module names a colour. */

export const SANS =
  '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei UI","Microsoft YaHei","PingFang SC",sans-serif';

const LIGHT = {
  page: "#F2F4F5",
  panel: "#FFFFFF",
  sunk: "#F7F9FA",
  line: "#D8DFE3",
  lineStrong: "#B9C4CB",
  ink: "#15202A",
  ink2: "#45535F",
  ink3: "#616E79",
  accent: "#14587F",
  accentWeak: "#E1ECF2",
  onAccent: "#FFFFFF",
  outside: "#E4E8EA",
  ground: "#F6F7F6",
  water: "#DCE6EA",
  green: "#ECF0EA",
  zero: "#D3DBDF",
  boundary: "#8A969E",
  hatch: "#B4BEC4",
  hatchGround: "#E9EDEF",
  halo: "#FFFFFF",
  haloAlpha: 0.88,
  glaze: "#FFFFFF",
  glazeAlpha: 0.62,
  casing: "#5B6870",
  casingAlpha: 0.55,
  place: "#45535F",
  overdue: "#A81E1A",
  dueSoon: "#9A5B00",
  open: "#1F659B",
  onTime: "#0B6B66",
  late: "#2F2C5C",
};

const DARK = {
  page: "#0E1418",
  panel: "#161E23",
  sunk: "#1B252B",
  line: "#2C3840",
  lineStrong: "#44535D",
  ink: "#EAEFF1",
  ink2: "#B6C2C9",
  ink3: "#8C9AA3",
  accent: "#72BCE6",
  accentWeak: "#16384B",
  onAccent: "#0E1418",
  outside: "#0A0F12",
  ground: "#12191D",
  water: "#14242C",
  green: "#141F1B",
  zero: "#27343C",
  boundary: "#7E8C95",
  hatch: "#3E4C55",
  hatchGround: "#161F24",
  halo: "#0B1013",
  haloAlpha: 0.88,
  glaze: "#0B1013",
  glazeAlpha: 0.44,
  casing: "#9FB0BA",
  casingAlpha: 0.34,
  place: "#B6C2C9",
  overdue: "#FF8A78",
  dueSoon: "#F2B84B",
  open: "#7CC0EE",
  onTime: "#4CC9B8",
  late: "#EDE6FA",
};

export const TOKENS = { light: LIGHT, dark: DARK };

/** Seven locked steps, few to many. Lightness is monotonic in both themes; in the dark one more is brighter. */
export const HEAT = {
  light: ["#FCEBD2", "#F9D09B", "#F2A75C", "#E27C33", "#C2501F", "#8F2B17", "#551011"],
  dark: ["#261E1B", "#46291E", "#7A3B1D", "#B6551A", "#E07A23", "#F6AC4A", "#FFE3A6"],
};

/** Seven symmetric steps, fewer (blue) to more (orange). */
export const DIFFERENCE = {
  light: ["#0F4F6E", "#4A93B3", "#A9CEDC", "#ECEEED", "#F5C79E", "#DC7A3C", "#98330F"],
  dark: ["#8FD0EE", "#3F93B8", "#1E4F66", "#232C31", "#5E331B", "#B4601F", "#F7B25C"],
};

/**
 * Classes of hot spots: code → family, stamp and colours; a cold class shares its hot twin's stamp.
 * First the emerging classes, then how sure a single test is (per cent after correction).
 */
export const EMERGING = {
  new: { family: "rising", stamp: "新", light: "#CC4410", dark: "#FF8A4C", coldLight: "#277BA3", coldDark: "#5FB8E0" },
  consecutive: {
    family: "rising",
    stamp: "连",
    light: "#F29A4A",
    dark: "#E0702A",
    coldLight: "#7DB9D3",
    coldDark: "#3C8FB5",
  },
  intensifying: {
    family: "stubborn",
    stamp: "增",
    light: "#5E0D12",
    dark: "#FFE0A0",
    coldLight: "#0B3550",
    coldDark: "#C9EBFA",
  },
  persistent: {
    family: "stubborn",
    stamp: "持",
    light: "#9C2A1C",
    dark: "#F5B04E",
    coldLight: "#155A7E",
    coldDark: "#8FD0EE",
  },
  diminishing: {
    family: "stubborn",
    stamp: "减",
    light: "#CF8A75",
    dark: "#9C4A2C",
    coldLight: "#9DB9C6",
    coldDark: "#2E5A70",
  },
  sporadic: {
    family: "unsettled",
    stamp: "零",
    light: "#F6D58C",
    dark: "#C9BB9E",
    coldLight: "#C9DFE8",
    coldDark: "#24424F",
  },
  oscillating: {
    family: "unsettled",
    stamp: "振",
    light: "#816F4C",
    dark: "#77684A",
    coldLight: "#61757D",
    coldDark: "#7D8F96",
  },
  historical: {
    family: "past",
    stamp: "史",
    light: "#CDC3B8",
    dark: "#4E463F",
    coldLight: "#C3CACE",
    coldDark: "#3C464C",
  },
  sure_99: { family: "hot", stamp: "99", light: "#8F2B17", dark: "#FFE3A6", coldLight: "#0F4F6E", coldDark: "#8FD0EE" },
  sure_95: { family: "hot", stamp: "95", light: "#C2501F", dark: "#F6AC4A", coldLight: "#4A93B3", coldDark: "#3F93B8" },
  sure_90: { family: "hot", stamp: "90", light: "#F2A75C", dark: "#B6551A", coldLight: "#A9CEDC", coldDark: "#1E4F66" },
};

/** Widths in CSS pixels. */
export const STROKES = { casing: 1, boundary: 1.2, halo: 3.2, select: 3.6, selectHalo: 7, highlight: 2.2, zero: 1 };

/** Write the theme's colours on `root` as `--gt-*` so that the style sheet and other components share them. */
export function applyTheme(root, theme) {
  for (const [name, value] of Object.entries(TOKENS[theme])) {
    root.style.setProperty(`--gt-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value));
  }
  HEAT[theme].forEach((colour, step) => root.style.setProperty(`--gt-heat-${step}`, colour));
  root.dataset.gtTheme = theme;
}

/** `#RRGGBB` → [r, g, b], each 0–255. */
export function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** Relative luminance of `#RRGGBB`, 0–1, as WCAG 2 defines it. */
export function luminance(colour) {
  const [r, g, b] = channels(colour).map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white ink, whichever reads better on `colour`. */
export function inkOn(colour) {
  return luminance(colour) > 0.2 ? "#15202A" : "#FFFFFF";
}

/**
 * The casing colour that, composited at the glaze's single alpha, looks like the casing at its own alpha.
 * One composite for fill and casing keeps crossings from doubling and halves the work.
 */
export function casingForGlaze(tokens) {
  const [casing, ground] = [channels(tokens.casing), channels(tokens.ground)];
  const own = tokens.casingAlpha / tokens.glazeAlpha;
  const mixed = casing.map((v, at) => Math.round(v * own + ground[at] * (1 - own)));
  return `rgb(${mixed.join(",")})`;
}
