/** An intranet tile server under the picture, moved back where its tiles are not in WGS-84. */

/**
 * Show the base map's tiles, if it names any; `tiles` is `{url, shift: [lon, lat]}`, the shift being how far the tiles'
 * datum lies from WGS-84 here. Returns a function that takes them away again.
 */
export function layTiles(L, map, tiles) {
  if (!tiles?.url) return () => {};
  const pane = map.getPane("gt-tiles") ?? map.createPane("gt-tiles");
  pane.style.zIndex = "190";
  const layer = L.tileLayer(tiles.url, { pane: "gt-tiles", keepBuffer: 4, maxZoom: 19, updateWhenIdle: false });
  const place = () => {
    const { lng, lat } = map.getCenter();
    const here = map.latLngToLayerPoint([lat, lng]);
    const there = map.latLngToLayerPoint([lat + tiles.shift[1], lng + tiles.shift[0]]);
    pane.style.transform = `translate(${here.x - there.x}px, ${here.y - there.y}px)`;
  };
  map.on("zoomend viewreset", place);
  map.whenReady(() => {
    layer.addTo(map);
    place();
  });
  return () => {
    map.off("zoomend viewreset", place);
    layer.remove();
  };
}
