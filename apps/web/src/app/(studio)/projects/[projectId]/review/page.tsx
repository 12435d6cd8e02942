import type { Metadata } from "next";

import { ReviewPage } from "../../../../../features/review/index.ts";

export const metadata: Metadata = { title: "Review" };

export default function Page() {
  return <ReviewPage />;
}
