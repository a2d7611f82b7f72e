/** Leaflet and h3-js: classic scripts that leave themselves in a global; each fetched once. */

import { once } from "./once.js";

/** What a map is drawn with, besides our own modules. */
export function mapLibraries(url) {
  return Promise.all([library(url, "leaflet.js", "L"), library(url, "h3-js.umd.js", "h3")]);
}

function library(url, file, global) {
  return once(file, () => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: `${url}/web/vendor/${file}`, onload: () => resolve(window[global]), onerror: reject });
    document.head.append(script);
  }));
}
