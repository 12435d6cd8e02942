/** Spread over a part of the page in which no key of the page acts: it has its own. */
export const OWN_KEYS = { "data-own-keys": "" } as const;
