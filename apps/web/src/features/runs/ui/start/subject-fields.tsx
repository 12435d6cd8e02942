"use client";

import type { DatasetVersionView } from "@loupe/contracts";

import { Field } from "../../../../components/field.tsx";
import { Select } from "../../../../components/select.tsx";
import { formatVersion } from "../../../../lib/format-version.ts";
import type { RunPlan, RunScope } from "./run-plan.ts";

type SubjectFieldsProps = {
  readonly plan: RunPlan;
  readonly versions: readonly DatasetVersionView[];
  readonly version: DatasetVersionView;
  readonly onChange: (part: Partial<RunPlan>) => void;
};

/** What to learn from: a frozen version, and which of its categories go into one model. */
export function SubjectFields({ plan, versions, version, onChange }: SubjectFieldsProps) {
  const { categories } = version;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Dataset version">
        {(ids) => (
          <Select
            {...ids}
            value={version.id}
            onChange={(event) =>
              onChange({ datasetVersionId: event.target.value, scope: { kind: "all" } })
            }
          >
            {versions.map(({ id, number, name, trainImages }) => (
              <option key={id} value={id}>
                {formatVersion({ number, name })} ({trainImages.toLocaleString("en")} training
                images)
              </option>
            ))}
          </Select>
        )}
      </Field>
      {categories.length > 1 && (
        <Field label="Categories">
          {(ids) => (
            <Select
              {...ids}
              value={scopeToText(plan.scope)}
              onChange={(event) => onChange({ scope: textToScope(event.target.value) })}
            >
              <option value="all">All {categories.length} in one model</option>
              <option value="each">A model for each ({categories.length} runs)</option>
              <optgroup label="One category alone">
                {categories.map((category) => (
                  <option key={category} value={`one ${category}`}>
                    {category}
                  </option>
                ))}
              </optgroup>
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}

function scopeToText(scope: RunScope): string {
  return scope.kind === "one" ? `one ${scope.category}` : scope.kind;
}

function textToScope(text: string): RunScope {
  if (text === "all" || text === "each") return { kind: text };
  return { kind: "one", category: text.slice("one ".length) };
}
