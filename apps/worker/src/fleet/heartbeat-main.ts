/**
 * @file Entry of the thread that says that this worker lives.
 *
 * It does nothing else, so no model, picture or long loop of another thread holds it up.
 */
import { parentPort, workerData } from "node:worker_threads";

import { openHeartbeat } from "@loupe/db/heartbeat";

import type { FromHeartbeat, HeartbeatData } from "./heartbeat-thread.ts";

if (parentPort === null) throw new Error("Expected to run as a worker thread, see HeartbeatThread");
const port = parentPort;
const { url, workerId, everyMs } = workerData as HeartbeatData;
const heartbeat = openHeartbeat(url);
let isBeating = false;

const timer = setInterval(() => {
  if (isBeating) return;
  isBeating = true;
  void beat().finally(() => {
    isBeating = false;
  });
}, everyMs);

port.on("message", () => {
  clearInterval(timer);
  void heartbeat.close().finally(() => port.close());
});

async function beat(): Promise<void> {
  try {
    if (!(await heartbeat.beat(workerId))) tell({ type: "unknown" });
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function tell(message: FromHeartbeat): void {
  port.postMessage(message);
}
