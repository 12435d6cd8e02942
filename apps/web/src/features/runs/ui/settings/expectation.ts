import { type SingleField, type NumberField } from "./describe-settings.ts";
import { showSetting } from "./show-setting.ts";

const number = (value: number) =>
  value.toLocaleString("en", { maximumSignificantDigits: 12, useGrouping: false });

/** What a field takes, as the beginning of a sentence: "A whole number from 64 to 1536". */
export function expectation(field: SingleField): string {
  switch (field.kind) {
    case "number":
      return `${field.isInteger ? "A whole number" : "A number"}${describeRange(field)}`;
    case "choice":
      return `One of ${field.options.map(showSetting).join(", ")}`;
    case "switch":
      return "On or off";
    case "text":
      return field.pattern ? `Text of the form ${field.pattern.source}` : "Text";
    case "json":
      return "A value in JSON";
  }
}

function describeRange({ min, max, isMinOpen, isMaxOpen, multipleOf }: NumberField): string {
  const low = min === null ? "" : isMinOpen ? ` above ${number(min)}` : ` from ${number(min)}`;
  const high =
    max === null
      ? ""
      : isMaxOpen
        ? ` below ${number(max)}`
        : min !== null && !isMinOpen
          ? ` to ${number(max)}`
          : ` up to ${number(max)}`;
  const steps = multipleOf !== null && multipleOf !== 1 ? ` in steps of ${number(multipleOf)}` : "";
  const atLeast = min !== null && !isMinOpen && max === null ? `, ${number(min)} or more` : null;
  return atLeast === null ? `${low}${high}${steps}` : `${atLeast}${steps}`;
}
