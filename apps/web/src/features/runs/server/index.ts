export { runsRouter } from "./router.ts";
export { serveProbeMap } from "./serve-probe-map.ts";
