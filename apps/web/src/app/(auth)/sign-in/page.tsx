import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { Brand } from "../../../components/brand.tsx";
import { safeReturnPath, SignInForm } from "../../../features/session/index.ts";
import { readSignIn } from "../../../server/read-sign-in.ts";
import { services } from "../../../server/services.ts";

export const metadata: Metadata = { title: "Sign in" };

type Props = { readonly searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  const { auth, listDemoSignIns } = services();
  const { next } = await searchParams;
  const returnTo = safeReturnPath(typeof next === "string" ? next : null);
  if ((await readSignIn(auth, await headers())) !== null) redirect(returnTo);
  const demo = await listDemoSignIns();
  return (
    <main className="bg-sunken grid min-h-dvh place-items-center p-4">
      <div className="border-line bg-panel shadow-pop w-full max-w-sm rounded-lg border p-6">
        <h1 className="mb-5 flex items-center justify-between">
          <Brand />
          <span className="text-ink-2 text-base font-medium">Sign in</span>
        </h1>
        <SignInForm returnTo={returnTo} demo={demo} />
      </div>
    </main>
  );
}
