/** The base map as every map of the dashboard has it: fetched once, with its credit and the city's own tiles. */

/** `boot` names the address, the credit line and, where the city has a tile server, its tiles. */
export async function fetchBaseMap({ basemap, credit, tile_url: url, tile_shift: shift }) {
  const answer = await fetch(basemap);
  const coded = await answer.json();
  return { ...coded, credit: credit ?? coded.credit, tiles: tilesOf(url, shift) };
}

/** Tiles as the engine takes them; null without a tile server. `shift` is `lon,lat` in degrees. */
function tilesOf(url, shift) {
  return url ? { url, shift: shift.split(",").map(Number) } : null;
}
