import type { Metadata } from "next";

import { InspectPage } from "../../../../../features/inspect/index.ts";

export const metadata: Metadata = { title: "Inspect" };

export default function Page() {
  return <InspectPage />;
}
