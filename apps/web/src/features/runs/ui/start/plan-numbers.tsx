"use client";

import { Field } from "../../../../components/field.tsx";
import { TextInput } from "../../../../components/text-input.tsx";
import { methodWords } from "../method-words.ts";
import { numberLabel, type ReadPlan, type RunPlan } from "./run-plan.ts";

type PlanNumbersProps = {
  readonly plan: RunPlan;
  readonly read: ReadPlan;
  readonly onChange: (part: Partial<RunPlan>) => void;
};

/** How long, how many at once, and which dice. */
export function PlanNumbers({ plan, read, onChange }: PlanNumbersProps) {
  const words = methodWords(plan.method);
  const names = words.hasBatch
    ? (["steps", "batch", "seed"] as const)
    : (["steps", "seed"] as const);
  return (
    <div className="grid grid-cols-3 gap-3">
      {names.map((name) => (
        <Field
          key={name}
          label={name === "steps" ? words.steps : numberLabel(name)}
          error={read.numberProblems[name]}
        >
          {(ids) => (
            <TextInput
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              value={plan[name] ?? read.numbers[name].text}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
