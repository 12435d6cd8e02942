import type { Metadata } from "next";

import { DataPage } from "../../../../../features/data/index.ts";

export const metadata: Metadata = { title: "Data" };

export default function Page() {
  return <DataPage />;
}
