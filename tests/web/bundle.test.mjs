import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import { STREET_CLASSES } from "../../geodata/maps/web/network.js";
import {
  DIFFERENCE,
  EMERGING,
  HEAT,
  TOKENS,
  casingForGlaze,
  channels,
  inkOn,
  luminance,
} from "../../geodata/maps/web/tokens.js";

const FOLDER = new URL("../../geodata/maps/web/", import.meta.url);
const SOURCES = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]),
);
const words = (lang) => JSON.parse(readFileSync(new URL(`text.${lang}.json`, FOLDER), "utf8"));

/** The one-file recipe: drop import lines, drop the word export, put the files one after another. */
function oneScript() {
  return [...SOURCES.values()]
    .map((source) => source.replace(/^import .*$/gm, "").replace(/^export /gm, ""))
    .join("\n");
}

test("the modules become one classic script by dropping import and export lines", () => {
  const context = vm.createContext({ window: {}, document: {} });
  new vm.Script(`(function () { "use strict";\n${oneScript()}\nglobalThis.made = createCaseMap; })();`).runInContext(
    context,
  );
  assert.equal(typeof context.made, "function");
});

test("every top-level name belongs to one file", () => {
  const owners = new Map();
  for (const [file, source] of SOURCES) {
    for (const [, name] of source.matchAll(/^(?:export )?(?:async )?(?:function|const|let|class) (\w+)/gm)) {
      assert.ok(!owners.has(name), `${name} is in ${owners.get(name)} and ${file}`);
      owners.set(name, file);
    }
  }
});

test("imports are relative, on one line, and name what the other file exports", () => {
  for (const [file, source] of SOURCES) {
    for (const line of source.split("\n").filter((text) => text.startsWith("import"))) {
      const [, names, from] = /^import \{ (.+) \} from "\.\/(\w+\.js)";$/.exec(line) ?? assert.fail(`${file}: ${line}`);
      for (const name of names.split(", "))
        assert.match(
          SOURCES.get(from),
          new RegExp(`^export (?:function|const) ${name}\\b`, "m"),
          `${file} wants ${name} of ${from}`,
        );
    }
  }
});

test("no file makes markup from text, reaches the network or passes 300 lines", () => {
  for (const [file, source] of SOURCES) {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/, file);
    assert.doesNotMatch(
      source.replaceAll("http://www.w3.org/2000/svg", ""),
      /https?:|fetch\(|XMLHttpRequest|WebSocket/,
      file,
    );
    assert.ok(source.split("\n").length <= 300, file);
  }
});

test("Chinese and English have the same keys and the same blanks", () => {
  const [zh, en] = [words("zh"), words("en")];
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();
  for (const key of Object.keys(zh)) assert.deepEqual(blanks(zh[key]), blanks(en[key]), key);
});

test("every key the code asks for is in the dictionaries", () => {
  const known = words("zh");
  for (const [file, source] of SOURCES) {
    for (const [, key] of source.matchAll(
      /"((?:map|measure|layer|tool|scale|legend|unit|tip|table|empty|class|stamp|family)\.[\w.]+)"/g,
    ))
      assert.ok(key in known, `${file}: ${key}`);
  }
});

test("every code of a street class, place, emerging class and family has its word", () => {
  const known = words("zh");
  const codes = [
    ...STREET_CLASSES.map((code) => `class.${code}`),
    ...Object.keys(EMERGING).map((code) => `stamp.${code}`),
    ...Object.values(EMERGING).flatMap(({ family }) => [`family.${family}`, `family.${family}.do`]),
    ...["school", "station", "market", "square", "hospital"].map((kind) => `place.${kind}`),
  ];
  for (const key of codes) assert.ok(key in known, key);
});

test("heat rises without a dip in the dark and falls without one in the light", () => {
  const rise = (colours) =>
    colours
      .map(luminance)
      .slice(1)
      .map((value, at) => value - luminance(colours[at]));
  assert.ok(rise(HEAT.light).every((step) => step < 0));
  assert.ok(rise(HEAT.dark).every((step) => step > 0));
  assert.equal(DIFFERENCE.light.length, 7);
});

test("text is readable on every ground of both themes", () => {
  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  for (const theme of ["light", "dark"]) {
    const tokens = TOKENS[theme];
    for (const ground of ["panel", "page", "sunk"])
      for (const ink of ["ink", "ink2", "ink3", "accent"])
        assert.ok(contrast(tokens[ink], tokens[ground]) >= 4.5, `${theme} ${ink} on ${ground}`);
    assert.ok(contrast(tokens.onAccent, tokens.accent) >= 4.5, `${theme} pressed button`);
    assert.equal(Object.keys(TOKENS.light).join(), Object.keys(tokens).join());
  }
  assert.deepEqual(["#F6D58C", "#551011"].map(inkOn), ["#15202A", "#FFFFFF"]);
});

test("the casing shown through the glaze's alpha is the casing at its own alpha", () => {
  for (const tokens of Object.values(TOKENS)) {
    const glazed = casingForGlaze(tokens).match(/\d+/g).map(Number);
    channels(tokens.ground).forEach((ground, at) => {
      const wanted = channels(tokens.casing)[at] * tokens.casingAlpha + ground * (1 - tokens.casingAlpha);
      const got = glazed[at] * tokens.glazeAlpha + ground * (1 - tokens.glazeAlpha);
      assert.ok(Math.abs(wanted - got) <= 1, `${wanted} against ${got}`);
    });
  }
});
