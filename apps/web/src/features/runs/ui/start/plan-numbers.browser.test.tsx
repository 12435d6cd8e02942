import { useState } from "react";
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";

import { PlanNumbers } from "./plan-numbers.tsx";
import { firstPlan, readPlan } from "./run-plan.ts";

const version = { trainImages: 40, categories: ["cap"] };

function Form() {
  const [plan, setPlan] = useState(() => firstPlan("v1", "tiny"));
  const read = readPlan(plan, version);
  return (
    <form>
      <PlanNumbers
        plan={plan}
        read={read}
        onChange={(part) => setPlan((before) => ({ ...before, ...part }))}
      />
      <button disabled={!read.isSound}>Start run</button>
    </form>
  );
}

async function aForm() {
  const screen = await render(<Form />);
  const field = (name: string) => screen.getByRole("textbox", { name, exact: true });
  return { screen, field, start: screen.getByRole("button", { name: "Start run" }) };
}

test("opens with numbers that may be sent", async () => {
  const { screen, field, start } = await aForm();
  await expect.element(start).toBeEnabled();
  expect(screen.getByRole("alert").elements()).toEqual([]);
  await expect.element(field("Steps")).toHaveAccessibleDescription("");
});

test.each([
  ["Steps", "1.5", "A whole number from 1 to 1,000,000."],
  ["Batch size", "0", "A whole number from 1 to 256."],
  ["Seed", "", "A whole number from 0 to 2,147,483,647."],
])(
  "%s of %j is refused where it stands, and read out with the field",
  async (name, text, words) => {
    const { screen, field, start } = await aForm();
    await field(name).fill(text);
    await expect.element(field(name)).toHaveAccessibleDescription(words);
    await expect.element(field(name)).toBeInvalid();
    await expect.element(screen.getByRole("alert")).toHaveTextContent(words);
    await expect.element(start).toBeDisabled();
    const [input, error] = [field(name), screen.getByText(words)].map((each) =>
      each.element().getBoundingClientRect(),
    );
    expect(error!.top).toBeGreaterThanOrEqual(input!.bottom);
    expect(error!.left).toBe(input!.left);
  },
);

test("what was put right is sound at once, and the others never were wrong", async () => {
  const { screen, field, start } = await aForm();
  await field("Steps").fill("many");
  await expect.element(start).toBeDisabled();
  await expect.element(field("Batch size")).toBeValid();
  await field("Steps").fill("250");
  await expect.element(start).toBeEnabled();
  expect(screen.getByRole("alert").elements()).toEqual([]);
});

test("the fields stay in line when one of them is refused", async () => {
  const { field } = await aForm();
  await field("Batch size").click();
  await userEvent.keyboard("{Control>}a{/Control}x");
  await expect.element(field("Batch size")).toBeInvalid();
  const tops = ["Steps", "Batch size", "Seed"].map(
    (name) => field(name).element().getBoundingClientRect().top,
  );
  expect(new Set(tops).size).toBe(1);
});
