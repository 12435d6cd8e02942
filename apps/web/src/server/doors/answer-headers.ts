import { randomBytes } from "node:crypto";

import type { DoorKind } from "./door.ts";

export type SiteFacts = {
  /** Address under which people open the site. */
  readonly baseUrl: string;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly isDevelopment: boolean;
};

export const POLICY_HEADER = "content-security-policy";

/** For everything that is no page: should anyone open it as one, nothing runs and nothing loads. */
export const DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

const ASSET_POLICY = "default-src 'self'; object-src 'none'; frame-ancestors 'none'";

const ONE_YEAR_SECONDS = 31_536_000;

const COMMON_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** Returns what each kind of door sends with every answer, made anew for each request. */
export function answerHeaders(site: SiteFacts): (kind: DoorKind) => Record<string, string> {
  const common: Record<string, string> = { ...COMMON_HEADERS };
  if (site.baseUrl.startsWith("https:")) {
    common["strict-transport-security"] = `max-age=${ONE_YEAR_SECONDS}`;
  }
  return (kind) => ({ ...common, [POLICY_HEADER]: policyOf(kind, site) });
}

function policyOf(kind: DoorKind, site: SiteFacts): string {
  if (kind === "page") return pagePolicy(site);
  return kind === "asset" ? ASSET_POLICY : DATA_POLICY;
}

/**
 * Scripts run when the page itself names them with its one-time number, and
 * what those load; Next takes the number from this policy in the request.
 *
 * Styles may stand in the page: the widths of bars and the places of rows are
 * attributes, and the libraries of menus and messages add sheets of their own.
 */
function pagePolicy({ trustedOrigins, isDevelopment }: SiteFacts): string {
  const nonce = randomBytes(16).toString("base64");
  // A policy has no way to write an IPv6 address; 'self' stands for that one.
  const named = [...trustedOrigins].filter((origin) => !origin.includes("["));
  const sockets = named.map((origin) => origin.replace(/^http/, "ws"));
  const directives = [
    "default-src 'self'",
    // React's development build makes stack traces with eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    // Not every browser takes 'self' for websockets, too.
    `connect-src 'self' ${sockets.join(" ")}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join("; ");
}
