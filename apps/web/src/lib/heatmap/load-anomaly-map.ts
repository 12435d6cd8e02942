import { decodeAnomalyMap, type AnomalyMap } from "@loupe/contracts";

/** Fetch and decode a stored anomaly map. Throws when it is gone or the connection is. */
export async function loadAnomalyMap(url: string, signal: AbortSignal): Promise<AnomalyMap> {
  const response = await fetch(url, { signal });
  if (!response.ok) {
    throw new Error(`Expected an anomaly map from ${url}, got status ${response.status}`);
  }
  return decodeAnomalyMap(new Uint8Array(await response.arrayBuffer()));
}
