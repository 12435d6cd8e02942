export { reviewRouter } from "./router.ts";
export { servePredictionMap } from "./serve-prediction-map.ts";
