export { dataRouter } from "./router.ts";
export { serveMask } from "./serve-mask.ts";
export { serveOriginal } from "./serve-original.ts";
export { serveThumbnail } from "./serve-thumbnail.ts";
export { uploadImport } from "./upload-import.ts";
