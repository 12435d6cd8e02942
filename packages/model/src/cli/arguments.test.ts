import { expect, test } from "vitest";

import { ablateCommand } from "./ablate-command.ts";
import { UsageError } from "./command.ts";
import { probeCommand } from "./probe-command.ts";
import { Progress } from "./progress.ts";
import { readArguments } from "./read-arguments.ts";
import { trainCommand } from "./train-command.ts";

const context = {
  progress: new Progress(process.stderr),
  signal: new AbortController().signal,
};
const TRAIN = ["--out", "x", "--data", "data"];

test.each([
  [["--set", "niose=1"], /method rd has no setting niose\. It has width, .*noise/],
  [["--set", "dropout=2"], /Setting dropout of rd: .*\(got 2\)/],
  [["--set", "dropout"], /Expected --set NAME=VALUE, got "dropout"/],
  [["--preset", "slow"], /--preset to be one of fast, paper, got "slow"/],
  [["--settings", "[1]"], /Expected a JSON object for --settings, got "\[1\]"/],
  [["--method", "bank", "--plugin", "decad"], /method bank has no setting plugin/],
  [["--method", "bank", "--set", "joined=4"], /Setting joined of bank/],
])("train refuses %j by name before it looks for data", async (given, sentence) => {
  const call = trainCommand([...TRAIN, ...given], context);
  await expect(call).rejects.toThrow(UsageError);
  await expect(call).rejects.toThrow(sentence);
});

test.each([
  [["--table", "nope"], /--table to be one of methods, .*, got "nope"/],
  [["--rows", "rd,nope"], /--rows of methods among rd, .*, got "nope"/],
  [["--rows", "bank", "--set", "width=64"], /method bank has no setting width/],
])("ablate refuses %j before it looks for data", async (given, sentence) => {
  await expect(ablateCommand([...TRAIN, ...given], context)).rejects.toThrow(sentence);
});

test("probe needs data", async () => {
  await expect(probeCommand(["--encoder", "x"], context)).rejects.toThrow(/Expected --data DIR/);
});

test("options that may be repeated keep their order, and the last of two values wins", () => {
  const args = readArguments(["--data", "a", "--set", "x=1", "--data", "b", "--set", "x=2=3"], {
    texts: ["seeds"],
    lists: ["data", "set"],
  });
  expect(args.list("data")).toEqual(["a", "b"]);
  expect(args.assignments("set")).toEqual({ x: "2=3" });
  expect(args.integers("seeds", [0, 1])).toEqual([0, 1]);
});

test("seeds are whole numbers", () => {
  const args = readArguments(["--seeds", "0,1.5"], { texts: ["seeds"] });
  expect(() => args.integers("seeds", [])).toThrow(/0,1,2 for --seeds, got "0,1.5"/);
});
