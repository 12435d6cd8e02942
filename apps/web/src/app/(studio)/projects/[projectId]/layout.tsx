import { isAppError, ProjectId } from "@loupe/contracts";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";

import { ProjectShell } from "../../../../features/shell/index.ts";
import { parseTheme, THEME_COOKIE } from "../../../../lib/theme.ts";
import { requirePageCaller } from "../../../../server/require-page-caller.ts";

type Props = {
  readonly params: Promise<{ projectId: string }>;
  readonly children: ReactNode;
};

export default async function ProjectLayout({ params, children }: Props) {
  const projectId = ProjectId.safeParse((await params).projectId);
  if (!projectId.success) notFound();
  const caller = await requirePageCaller();
  const project = await caller.projects
    .get({ projectId: projectId.data })
    .catch((error: unknown) => {
      const cause = error instanceof Error ? error.cause : undefined;
      if (isAppError(cause) && cause.code === "NOT_FOUND") notFound();
      throw error;
    });
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <ProjectShell project={project} theme={theme}>
      {children}
    </ProjectShell>
  );
}
