import type { Metadata } from "next";

import { RunsPage } from "../../../../../features/runs/index.ts";

export const metadata: Metadata = { title: "Train" };

export default function Page() {
  return <RunsPage />;
}
