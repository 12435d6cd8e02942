type Manifest = { readonly [key: string]: unknown };

const DEPENDENCIES = ["dependencies", "devDependencies"] as const;

/** A `package.json`, or its entry in the lock file, at a version, together with the packages of ours that it needs. */
export function setVersion(manifest: Manifest, version: string): Manifest {
  const changed: Record<string, unknown> = { ...manifest, version };
  for (const kind of DEPENDENCIES) {
    const wanted = manifest[kind];
    if (typeof wanted !== "object" || wanted === null) continue;
    changed[kind] = Object.fromEntries(
      Object.entries(wanted).map(([name, range]) => [
        name,
        name.startsWith("@loupe/") ? version : (range as unknown),
      ]),
    );
  }
  return changed;
}
