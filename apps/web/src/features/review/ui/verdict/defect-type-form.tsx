"use client";

import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { Button } from "../../../../components/button.tsx";
import { Field } from "../../../../components/field.tsx";
import { TextInput } from "../../../../components/text-input.tsx";
import { cn } from "../../../../lib/cn.ts";
import { OWN_KEYS } from "../../../../lib/own-keys.ts";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useProject } from "../../../projects/index.ts";
import { actOfFormKey } from "./act-of-form-key.ts";
import type { CaseVerdictDoor } from "./use-case-verdict.ts";

/** Which defect it is: one that the project knows, or a new one in words. */
export function DefectTypeForm({ verdict }: { readonly verdict: CaseVerdictDoor }) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const types = useQuery(trpc.review.defectTypes.queryOptions({ projectId }));
  const form = useRef<HTMLFormElement>(null);
  const { defectType } = verdict;
  const known = types.data ?? [];

  // Choosing "defective" is a step towards this form: the keyboard goes along. Whoever only comes
  // to a case that was begun before looks at its picture first, and keeps the keys of the page.
  const [isAskedFor] = useState(verdict.isInView);
  useEffect(() => {
    if (!isAskedFor) return;
    const field = form.current?.querySelector<HTMLInputElement>("input[type=text]");
    // The known types may come while somebody types: what is being typed stays in its field.
    if (field === document.activeElement && field?.value !== "") return;
    form.current?.querySelector<HTMLInputElement>("input:checked, input")?.focus();
  }, [isAskedFor, types.isPending]);

  // The name of a known type may begin another one: what is being typed stays in its field.
  const [isTyped, setIsTyped] = useState(false);

  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    const act = actOfFormKey({
      key: event.key,
      isOnChip: target.matches("input[type=radio]"),
      isShortcut: event.ctrlKey || event.metaKey || event.altKey,
      isAltGraph: event.getModifierState("AltGraph"),
    });
    if (act === "leave") target.blur();
    // The key itself is typed by the browser, into what is focused by then.
    if (act === "type") form.current?.querySelector<HTMLInputElement>("input[type=text]")?.focus();
  };

  return (
    <form
      ref={form}
      aria-label="Defect type"
      {...OWN_KEYS}
      onKeyDown={onKeyDown}
      className="mt-2.5 grid gap-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        verdict.confirm();
      }}
    >
      {known.length > 0 && (
        <fieldset>
          <legend className="sr-only">Known defect types</legend>
          <div className="flex flex-wrap gap-1.5">
            {known.map((type) => (
              <label
                key={type}
                className={cn(
                  "has-focus-visible:outline-accent cursor-pointer rounded-full border px-2.5 py-0.5 text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 pointer-coarse:py-2.5",
                  defectType === type
                    ? "border-accent bg-accent-soft text-ink font-semibold"
                    : "border-line-strong bg-panel text-ink-2 hover:text-ink",
                )}
              >
                <input
                  type="radio"
                  name="defect-type"
                  className="sr-only"
                  checked={defectType === type}
                  onChange={() => {
                    setIsTyped(false);
                    verdict.edit({ defectType: type });
                  }}
                />
                {type}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Field
        label={known.length > 0 ? "Or another type" : "Defect type"}
        error={verdict.isTypeMissing ? "Choose a type or name one." : undefined}
      >
        {(ids) => (
          <TextInput
            {...ids}
            type="text"
            value={known.includes(defectType) && !isTyped ? "" : defectType}
            maxLength={60}
            autoComplete="off"
            placeholder="scratch, bent lead…"
            onChange={(event) => {
              setIsTyped(true);
              verdict.edit({ defectType: event.target.value });
            }}
          />
        )}
      </Field>
      <Button type="submit" tone="primary" isBusy={verdict.isSending}>
        Confirm defective <CornerDownLeft aria-hidden className="size-3.5" />
      </Button>
    </form>
  );
}
