/**
 * @file Entry of a compute thread: runs the model library away from the job loop.
 *
 * The job loop answers heartbeats and cancellations; encoding images, training and scoring would
 * hold it up. This thread iterates the library's generators and posts what they yield.
 */
import { parentPort } from "node:worker_threads";

import type { ComputeKind, ComputeTasks, FromThread, ToThread } from "./compute-tasks.ts";
import { DetectorHolder } from "./detector-holder.ts";
import { NewsPort } from "./news-port.ts";
import { runEvaluate } from "./run-evaluate.ts";
import { runScore } from "./run-score.ts";
import { runTrain } from "./run-train.ts";

if (parentPort === null) throw new Error("Expected to run as a worker thread, see ComputeThread");
const port = parentPort;
const detectors = new DetectorHolder();
let task: { abort: AbortController; news: NewsPort } | null = null;

port.on("message", (message: ToThread) => {
  switch (message.type) {
    case "start":
      void runTask(message);
      break;
    case "abort":
      task?.abort.abort();
      break;
    case "handled":
      task?.news.markHandled();
      break;
    case "close":
      void detectors.close().finally(() => port.close());
      break;
  }
});

async function runTask(start: Extract<ToThread, { type: "start" }>): Promise<void> {
  const abort = new AbortController();
  const news = new NewsPort(port);
  task = { abort, news };
  let answer: FromThread;
  try {
    answer = { type: "done", result: await dispatch(start, news, abort.signal) };
  } catch (error) {
    answer = describeFailure(error);
  }
  task = null;
  port.postMessage(answer);
}

function dispatch(
  start: Extract<ToThread, { type: "start" }>,
  news: NewsPort,
  signal: AbortSignal,
): Promise<ComputeTasks[ComputeKind]["result"]> {
  switch (start.kind) {
    case "train":
      return runTrain(start.input, news, signal);
    case "evaluate":
      return runEvaluate(start.input, { news, detectors, signal });
    case "score":
      return runScore(start.input, { news, detectors, signal });
  }
}

function describeFailure(error: unknown): FromThread {
  return error instanceof Error
    ? { type: "failed", name: error.name, message: error.message, stack: error.stack ?? "" }
    : { type: "failed", name: "Error", message: String(error), stack: "" };
}
