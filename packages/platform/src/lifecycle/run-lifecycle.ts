import type { Logger } from "pino";

export type Service = {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type LifecycleOptions = {
  /** Each may rely on those before it. */
  readonly services: readonly Service[];
  readonly logger: Logger;
  /** A service that takes longer to stop is left behind; 20 s unless told. */
  readonly stopTimeoutMs?: number;
};

export interface Lifecycle {
  /** Stop everything in reverse order; the same end for whoever asks, and however often. */
  stop(reason: string): Promise<void>;
  /** Resolves when everything has stopped: false when a service had to be left behind. */
  readonly stopped: Promise<boolean>;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Start services in order, and stop them in reverse on SIGINT, SIGTERM or on request.
 *
 * When one does not start, those before it are stopped and its error is thrown.
 * A second signal ends the process at once.
 */
export async function runLifecycle(options: LifecycleOptions): Promise<Lifecycle> {
  const { services, logger, stopTimeoutMs = 20_000 } = options;
  const started: Service[] = [];
  let finish: (isClean: boolean) => void = () => undefined;
  const stopped = new Promise<boolean>((resolve) => (finish = resolve));
  let stopping: Promise<void> | null = null;

  const stopAll = async (reason: string): Promise<void> => {
    logger.info({ reason }, "stopping");
    let isClean = true;
    for (const service of started.reverse()) {
      isClean = (await stopOne(service)) && isClean;
    }
    for (const signal of SIGNALS) process.off(signal, onSignal);
    logger.info({ isClean }, "stopped");
    finish(isClean);
  };
  const stop = (reason: string): Promise<void> => (stopping ??= stopAll(reason));
  for (const signal of SIGNALS) process.on(signal, onSignal);

  for (const service of services) {
    if (stopping !== null) break;
    try {
      await service.start();
      started.push(service);
      logger.info({ service: service.name }, "started");
    } catch (error) {
      logger.error({ err: error, service: service.name }, "cannot start");
      await stop(`${service.name} did not start`);
      throw error;
    }
  }
  return { stop, stopped };

  function onSignal(signal: NodeJS.Signals): void {
    if (stopping !== null) {
      logger.warn({ signal }, "asked twice: ending at once");
      process.exit(1);
    }
    void stop(signal);
  }

  async function stopOne(service: Service): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), stopTimeoutMs);
    });
    try {
      const outcome = await Promise.race([service.stop(), late]);
      if (outcome === "late") {
        logger.error({ service: service.name, stopTimeoutMs }, "did not stop in time, left behind");
        return false;
      }
      return true;
    } catch (error) {
      logger.error({ err: error, service: service.name }, "failed while stopping");
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
