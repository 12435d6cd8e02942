import { isAppError } from "@loupe/contracts";
import type { ReactNode } from "react";

import { SessionProvider } from "../../features/session/index.ts";
import { NoOrganisation } from "../../features/shell/index.ts";
import { TrpcProvider } from "../../lib/trpc.tsx";
import { requirePageCaller } from "../../server/require-page-caller.ts";

export default async function StudioLayout({ children }: { readonly children: ReactNode }) {
  const caller = await requirePageCaller();
  const me = await caller.session.me().catch((error: unknown) => {
    const cause = error instanceof Error ? error.cause : undefined;
    if (isAppError(cause) && cause.code === "FORBIDDEN") return null;
    throw error;
  });
  if (me === null) return <NoOrganisation />;
  return (
    <SessionProvider me={me}>
      <TrpcProvider>{children}</TrpcProvider>
    </SessionProvider>
  );
}
