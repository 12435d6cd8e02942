export { ProjectProvider, useCan, useProject } from "./ui/project-provider.tsx";
export { ProjectsPage } from "./ui/projects-page.tsx";
export { DemoBanner } from "./ui/demo-banner.tsx";
export { foldProjectEvents } from "./ui/fold-project-events.ts";
