"use client";

import { Field } from "../../../../components/field.tsx";
import { Select } from "../../../../components/select.tsx";
import { formatBytes } from "../../../../lib/format-bytes.ts";
import { describeEncoder } from "./describe-encoder.ts";
import type { EncoderChoice } from "./encoder-choices.ts";

type EncoderFieldProps = {
  readonly choices: readonly EncoderChoice[];
  readonly value: string;
  readonly onChange: (encoder: string) => void;
};

/** The encoders on the workers and those that could be downloaded, each with its weight. */
export function EncoderField({ choices, value, onChange }: EncoderFieldProps) {
  const chosen = choices.find(({ name }) => name === value);
  const group = (isPresent: boolean) => choices.filter((choice) => choice.isPresent === isPresent);
  return (
    <Field label="Encoder" hint={chosen && describeEncoder(chosen)}>
      {(ids) => (
        <Select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
          {group(true).length > 0 && (
            <optgroup label="On the workers">
              {group(true).map((choice) => (
                <Option key={choice.name} choice={choice} />
              ))}
            </optgroup>
          )}
          {group(false).length > 0 && (
            <optgroup label="To download">
              {group(false).map((choice) => (
                <Option key={choice.name} choice={choice} />
              ))}
            </optgroup>
          )}
        </Select>
      )}
    </Field>
  );
}

function Option({ choice }: { readonly choice: EncoderChoice }) {
  return (
    <option value={choice.name}>
      {choice.name} ({formatBytes(choice.info.sizeBytes)})
    </option>
  );
}
