import { z } from "zod";

export const ROLES = ["owner", "engineer", "reviewer", "viewer"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/**
 * Who may do what: the one table that every door asks (pages, tRPC, REST,
 * sockets, files). The UI reads the same table to hide what it forbids.
 */
export const PERMISSIONS = {
  "organisation:manage": ["owner"],
  "project:read": ["owner", "engineer", "reviewer", "viewer"],
  "project:write": ["owner", "engineer"],
  "data:read": ["owner", "engineer", "reviewer", "viewer"],
  "data:write": ["owner", "engineer"],
  "run:read": ["owner", "engineer", "reviewer", "viewer"],
  "run:write": ["owner", "engineer"],
  "encoder:pull": ["owner", "engineer"],
  "model:read": ["owner", "engineer", "reviewer", "viewer"],
  "model:activate": ["owner", "engineer"],
  "model:download": ["owner", "engineer"],
  "case:read": ["owner", "engineer", "reviewer", "viewer"],
  "case:decide": ["owner", "engineer", "reviewer"],
  "inspection:write": ["owner", "engineer", "reviewer"],
  "presence:share": ["owner", "engineer", "reviewer", "viewer"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof PERMISSIONS;

/** True when someone with this role may do this. */
export function can(role: Role, action: Action): boolean {
  const allowed: readonly Role[] = PERMISSIONS[action];
  return allowed.includes(role);
}
