export { projectsRouter } from "./router.ts";
export { serveProjects } from "./serve-projects.ts";
