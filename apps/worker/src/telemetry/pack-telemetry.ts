import { NOTIFY_LIMIT_BYTES, type ProjectTelemetry, type TelemetryMessage } from "@loupe/contracts";

/**
 * Put news into as few messages as they fit into.
 *
 * Where one does not hold them all, the longest lists of points stay out: browsers then read those
 * from the rows.
 */
export function packTelemetry(news: readonly ProjectTelemetry[]): TelemetryMessage[] {
  let packed: readonly ProjectTelemetry[] = news;
  while (sizeBytes(packed) > NOTIFY_LIMIT_BYTES) {
    const longest = findLongest(packed);
    if (longest === null) return halve(packed).flatMap(packTelemetry);
    packed = packed.map((each) => (each === longest ? withoutPoints(each) : each));
  }
  return [{ kind: "telemetry", news: [...packed] }];
}

function findLongest(news: readonly ProjectTelemetry[]): ProjectTelemetry | null {
  const [longest] = news
    .filter(({ body }) => body.type === "run.points" && body.points.length > 0)
    .toSorted((a, b) => sizeBytes([b]) - sizeBytes([a]));
  return longest ?? null;
}

function withoutPoints(news: ProjectTelemetry): ProjectTelemetry {
  return news.body.type === "run.points" ? { ...news, body: { ...news.body, points: [] } } : news;
}

function halve(news: readonly ProjectTelemetry[]): (readonly ProjectTelemetry[])[] {
  const middle = Math.ceil(news.length / 2);
  return [news.slice(0, middle), news.slice(middle)];
}

function sizeBytes(news: readonly ProjectTelemetry[]): number {
  return Buffer.byteLength(JSON.stringify({ kind: "telemetry", news }));
}
