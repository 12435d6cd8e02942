export { AppFrame } from "./ui/app-frame.tsx";
export { NoOrganisation } from "./ui/no-organisation.tsx";
export { ProjectShell } from "./ui/project-shell.tsx";
