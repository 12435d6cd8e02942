import { redirect } from "next/navigation";

type Props = { readonly params: Promise<{ projectId: string }> };

export default async function ProjectPage({ params }: Props) {
  const { projectId } = await params;
  redirect(`/projects/${projectId}/review`);
}
