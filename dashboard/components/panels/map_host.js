/** The map inside Streamlit: Arrow columns in, patches out; base map and libraries fetched once. */

import { library } from "./mount.js";

/** Start the map; data that arrives meanwhile is shown when it is ready. */
export async function mountMap(holder, { text, emit, boot }) {
  const [{ createCaseMap }, L, h3, basemap] = await Promise.all([
    import(`${boot.url}/web/case_map.js`),
    library(boot.url, "leaflet.js", "L"),
    library(boot.url, "h3-js.umd.js", "h3"),
    fetch(boot.basemap).then((answer) => answer.json()),
  ]);
  const map = createCaseMap(holder, { L, h3, text, emit, hash: true, theme: boot.theme, lang: boot.lang });
  map.setBasemap(basemap);
  let theme = boot.theme;
  return {
    update({ data, tables, boot: now }) {
      if (now.theme !== theme) map.setTheme((theme = now.theme));
      map.update({ ...data, theme: now.theme, lang: now.lang, cells: cellsOf(tables.cells), segments: segmentsOf(tables.segments) });
      holder.dataset.rev = String(Number(holder.dataset.rev ?? 0) + 1);
    },
    destroy: () => map.destroy(),
  };
}

function column(table, name, Type) {
  const values = table.getChild(name)?.toArray() ?? [];
  return values instanceof Type ? values : Type.from(values);
}

function cellsOf(table) {
  if (!table) return { hi: new Uint32Array(0), lo: new Uint32Array(0), value: new Float32Array(0) };
  return { hi: column(table, "hi", Uint32Array), lo: column(table, "lo", Uint32Array), value: column(table, "value", Float32Array) };
}

function segmentsOf(table) {
  if (!table) return undefined;
  return { index: column(table, "index", Uint32Array), value: column(table, "value", Float32Array) };
}
