import { ModelVersionId } from "@loupe/contracts";
import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { ModelPage } from "../../../../../../features/models/index.ts";

export const metadata: Metadata = { title: "Model" };

type Props = { readonly params: Promise<{ modelVersionId: string }> };

export default async function Page({ params }: Props) {
  const modelVersionId = ModelVersionId.safeParse((await params).modelVersionId);
  if (!modelVersionId.success) notFound();
  return <ModelPage modelVersionId={modelVersionId.data} />;
}
