export { inspectionsRouter } from "./router.ts";
export { uploadInspection } from "./upload-inspection.ts";
