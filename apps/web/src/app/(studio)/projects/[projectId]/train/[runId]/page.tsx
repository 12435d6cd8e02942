import { RunId } from "@loupe/contracts";
import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { RunPage } from "../../../../../../features/runs/index.ts";

export const metadata: Metadata = { title: "Run" };

type Props = { readonly params: Promise<{ runId: string }> };

export default async function Page({ params }: Props) {
  const runId = RunId.safeParse((await params).runId);
  if (!runId.success) notFound();
  return <RunPage runId={runId.data} />;
}
