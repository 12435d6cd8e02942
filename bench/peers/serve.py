"""A peer's end of a benchmark: one JSON object a line, as `bench/protocol.ts` says."""

import json
import resource
import sys
import time

WARM_UP = 2


def sizes() -> dict:
    """The case's options: the second argument."""
    return json.loads(sys.argv[2])


def kind() -> str:
    """What is timed: the first argument."""
    return sys.argv[1]


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


def serve(framework: str, opened_at: float, run, values=None) -> None:
    """Say that `run` is ready, time it as often as each line of the input asks for."""
    open_ms = 1000 * (time.perf_counter() - opened_at)
    for _ in range(WARM_UP):
        run()
    say({"framework": framework, "openMs": open_ms})
    for line in sys.stdin:
        wanted = json.loads(line)
        times = []
        end = time.perf_counter() + wanted["seconds"]
        while len(times) < wanted["runs"] and (not times or time.perf_counter() < end):
            start = time.perf_counter()
            run()
            times.append(1000 * (time.perf_counter() - start))
        say({"timesMs": times})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    say({"peakBytes": peak, **({} if values is None else {"values": values()})})
