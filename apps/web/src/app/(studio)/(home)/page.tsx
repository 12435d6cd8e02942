import type { Metadata } from "next";
import { cookies } from "next/headers";

import { ProjectsPage } from "../../../features/projects/index.ts";
import { AppFrame } from "../../../features/shell/index.ts";
import { parseTheme, THEME_COOKIE } from "../../../lib/theme.ts";

export const metadata: Metadata = { title: "Projects" };

export default async function HomePage() {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <AppFrame theme={theme}>
      <ProjectsPage />
    </AppFrame>
  );
}
