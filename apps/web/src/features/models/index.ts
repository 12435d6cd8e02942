export { foldModelEvents } from "./ui/fold-model-events.ts";
export { ModelPage } from "./ui/model-page.tsx";
export { ModelsPage } from "./ui/models-page.tsx";
