const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The origins whose pages may change something here.
 *
 * A site on this very machine is the same site under each of its loopback names.
 */
export function listTrustedOrigins(baseUrl: string, extra: readonly string[]): ReadonlySet<string> {
  const base = new URL(baseUrl);
  const origins = new Set([base.origin, ...extra.map((origin) => new URL(origin).origin)]);
  if (LOOPBACK_HOSTS.includes(base.hostname)) {
    for (const host of LOOPBACK_HOSTS) {
      const alias = new URL(base.origin);
      alias.hostname = host;
      origins.add(alias.origin);
    }
  }
  return origins;
}
