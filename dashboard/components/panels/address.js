/** The address of the page: what of it Streamlit would lose, and links that need what is on screen. */

const EXPORT = "/guatu/export";

/** Streamlit writes addresses without their `#`; the map's position lives there and must stay. */
export function keepHash() {
  for (const name of ["pushState", "replaceState"]) {
    const write = window.history[name].bind(window.history);
    window.history[name] = (state, title, url) => write(state, title, withHash(url));
  }
}

function withHash(url) {
  if (url == null || !window.location.hash || String(url).includes("#")) return url;
  return `${url}${window.location.hash}`;
}

/** Before a download link is followed, say which resolution the map shows when it is automatic. */
export function keepShownResolution(resolution) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || new URL(link.href).pathname !== EXPORT) return;
    const url = new URL(link.href);
    const shown = resolution();
    if (shown && !url.searchParams.has("res")) url.searchParams.set("res", shown);
    link.href = url.href;
  }, true);
}

/** The link to exactly this page: the language as it is now, whatever the reader's browser prefers. */
export function pageLink() {
  const url = new URL(window.location.href);
  url.searchParams.set("lang", document.documentElement.lang.startsWith("zh") ? "zh" : "en");
  return url.href;
}
