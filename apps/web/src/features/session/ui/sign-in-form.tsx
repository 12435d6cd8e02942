"use client";

import { ERROR_STATUS } from "@loupe/contracts";
import { zodResolver } from "@hookform/resolvers/zod";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";

import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextInput } from "../../../components/text-input.tsx";
import { authClient } from "../../../lib/auth-client.ts";
import { ERROR_COPY } from "../../../lib/error-copy.ts";

const SignInFields = z.object({
  email: z.email("Enter an e-mail address"),
  password: z.string().min(1, "Enter your password"),
});
type SignInFields = z.infer<typeof SignInFields>;

/** A sentence for a sign-in that was turned down; it never says whether the address exists. */
function explain(status: number): string {
  if (status === 429) return "Too many attempts. Wait a minute and try again.";
  if (status === 0) return "No answer from the server. Check the connection and try again.";
  if (status === ERROR_STATUS.STORAGE_FULL) return ERROR_COPY.STORAGE_FULL;
  if (status >= 500) return "Something went wrong on our side. Try again in a moment.";
  return "E-mail and password do not match.";
}

export type DemoSignIn = { readonly email: string; readonly what: string };

type SignInFormProps = {
  /** Where to go afterwards, from `safeReturnPath`. */
  readonly returnTo: string;
  readonly demo: { readonly password: string; readonly people: readonly DemoSignIn[] } | null;
};

/** E-mail and password. With a demo organisation it offers that organisation's people. */
export function SignInForm({ returnTo, demo }: SignInFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<SignInFields>({
    resolver: zodResolver(SignInFields),
    defaultValues: { email: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (fields) => {
    setProblem(null);
    const { error } = await authClient.signIn.email(fields).catch(() => ({ error: { status: 0 } }));
    if (error) {
      setProblem(explain(error.status));
      return;
    }
    // A whole new page: nothing of an earlier session stays in memory.
    // Browsers carry the part behind "#" over from the page that sent them here.
    window.location.assign(returnTo.includes("#") ? returnTo : returnTo + window.location.hash);
  });

  return (
    <form noValidate onSubmit={submit} className="grid gap-4" aria-label="Sign in">
      {problem !== null && (
        <Notice tone="defect" icon={<CircleAlert />} isUrgent>
          {problem}
        </Notice>
      )}
      <Field label="E-mail" error={errors.email?.message}>
        {(ids) => (
          <TextInput
            type="email"
            autoComplete="username"
            autoFocus
            {...ids}
            {...form.register("email")}
          />
        )}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {(ids) => (
          <TextInput
            type="password"
            autoComplete="current-password"
            {...ids}
            {...form.register("password")}
          />
        )}
      </Field>
      <Button type="submit" tone="primary" isBusy={isSubmitting} className="h-9">
        Sign in
      </Button>
      {demo && (
        <section aria-label="Demo sign-ins" className="border-line border-t pt-3.5">
          <h2 className="text-sm font-semibold">Demo sign-ins</h2>
          <p className="text-ink-2 mt-0.5 text-sm">
            Pick one to fill in the form. The password of all is{" "}
            <code className="text-ink font-mono">{demo.password}</code>.
          </p>
          <ul className="mt-2 grid gap-1">
            {demo.people.map((person) => (
              <li key={person.email}>
                <button
                  type="button"
                  className="hover:bg-sunken flex w-full items-baseline gap-2 rounded-md px-2 py-1 text-left"
                  onClick={() => {
                    form.setValue("email", person.email);
                    form.setValue("password", demo.password);
                    form.clearErrors();
                  }}
                >
                  <span className="text-sm font-medium">{person.email}</span>
                  <span className="text-ink-3 ml-auto text-xs">{person.what}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </form>
  );
}
