import { expect, test } from "vitest";

import { readCommand, UsageError } from "./read-command.ts";

test("help names every suite and option", () => {
  for (const args of [["--help"], ["-h"], ["train", "--help"]]) {
    const command = readCommand(args);
    const usage = command.kind === "help" ? command.usage : "";
    for (const word of ["train|infer|metrics|report", "--threads VALUE", "--compile-seconds"]) {
      expect(usage).toContain(word);
    }
  }
});

test("a suite is read with what it does not say", () => {
  expect(readCommand(["train", "--methods", "rd,cnc", "--seconds", "0.5", "--save"])).toMatchObject(
    {
      kind: "measure",
      suite: "train",
      provider: "cpu",
      methods: ["rd", "cnc"],
      pace: { rounds: 3, runs: 12, seconds: 0.5, compileSeconds: 60 },
      isJson: false,
      isSaved: true,
    },
  );
  expect(readCommand(["report"])).toEqual({ kind: "report" });
});

test.each([
  [[], 'Expected train|infer|metrics|report, got "".'],
  [["walk"], 'Expected train|infer|metrics|report, got "walk".'],
  [["train", "infer"], 'got "train infer".'],
  [["train", "--fast"], "Unknown option '--fast'."],
  [["train", "--rounds"], "argument missing."],
  [["train", "--rounds", "0"], 'Expected a whole number of at least 1 for --rounds, got "0".'],
  [["train", "--seconds", "soon"], 'Expected a number above 0 for --seconds, got "soon".'],
  [["train", "--provider", "abacus"], 'got "abacus".'],
  [["train", "--methods", "rd,magic"], 'got "magic".'],
])("%j is one sentence", (args, sentence) => {
  const refused = () => readCommand(args);
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(sentence);
  expect(refused).toThrow(/^[^\n]+See npm run -s bench -- --help$/);
});
