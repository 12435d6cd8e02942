"use client";

import { type MethodEntry, METHOD_NAMES, METHODS, PRESET_NAMES } from "@loupe/model/catalog";

import { Field } from "../../../../components/field.tsx";
import { Select } from "../../../../components/select.tsx";
import { EncoderField } from "./encoder-field.tsx";
import type { EncoderChoice } from "./encoder-choices.ts";
import { PROVIDER_LABEL } from "../provider-label.ts";
import type { RunPlan } from "./run-plan.ts";

type MethodFieldsProps = {
  readonly plan: RunPlan;
  readonly choices: readonly EncoderChoice[];
  readonly choice: EncoderChoice | undefined;
  readonly onChange: (part: Partial<RunPlan>) => void;
};

/** How to learn: method, preset, encoder, and what computes it. */
export function MethodFields({ plan, choices, choice, onChange }: MethodFieldsProps) {
  const method: MethodEntry = METHODS[plan.method];
  // Numbers and settings of another method or preset would be of no use.
  const fresh = { steps: null, batch: null, edits: {} };
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Method" hint={method.summary}>
          {(ids) => (
            <Select
              {...ids}
              value={plan.method}
              onChange={(event) => {
                const chosen = METHOD_NAMES.find((name) => name === event.target.value);
                if (chosen) onChange({ method: chosen, ...fresh });
              }}
            >
              {METHOD_NAMES.map((name) => (
                <option key={name} value={name}>
                  {METHODS[name].title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Preset" hint={method.presets[plan.preset].summary}>
          {(ids) => (
            <Select
              {...ids}
              value={plan.preset}
              onChange={(event) => {
                const chosen = PRESET_NAMES.find((name) => name === event.target.value);
                if (chosen) onChange({ preset: chosen, ...fresh });
              }}
            >
              {PRESET_NAMES.map((name) => (
                <option key={name} value={name}>
                  {method.presets[name].title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="grid gap-3 sm:grid-cols-[1fr_13rem]">
        <EncoderField
          choices={choices}
          value={plan.encoder}
          onChange={(encoder) => onChange({ encoder })}
        />
        <Field label="Compute on" hint={choice?.devices[plan.provider]}>
          {(ids) => (
            <Select
              {...ids}
              value={plan.provider}
              onChange={(event) => {
                const chosen = choice?.providers.find((name) => name === event.target.value);
                if (chosen) onChange({ provider: chosen });
              }}
            >
              {(choice?.providers ?? ["cpu" as const]).map((provider) => (
                <option key={provider} value={provider}>
                  {PROVIDER_LABEL[provider]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </>
  );
}
