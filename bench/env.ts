import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The Python that has PyTorch: `LOUPE_BENCH_PYTHON`, else the first on the path. */
export function peerPython(): string {
  return process.env.LOUPE_BENCH_PYTHON ?? "python3";
}

/** Whether that Python can run the peers at all. */
export function hasPeers(): Promise<boolean> {
  return promisify(execFile)(peerPython(), ["-c", "import torch"]).then(
    () => true,
    () => false,
  );
}
