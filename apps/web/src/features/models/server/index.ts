export { modelsRouter } from "./router.ts";
export { serveModelFile } from "./serve-model-file.ts";
