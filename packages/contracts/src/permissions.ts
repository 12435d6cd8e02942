import { z } from "zod";

export const ROLES = ["owner", "manager", "engineer", "annotator", "reviewer", "viewer"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/**
 * Who may do what: the one table that every door asks (pages, tRPC, REST,
 * sockets, files). The UI reads the same table to hide what it forbids.
 *
 * Every cell is written: roles are kinds of work and not steps of a ladder, so none follows from
 * another.
 */
export const PERMISSIONS = {
  "organisation:manage": {
    owner: true,
    manager: false,
    engineer: false,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "project:read": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
  "project:write": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "data:read": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
  "data:write": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "run:read": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
  "run:write": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "encoder:pull": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "model:read": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
  "model:activate": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "model:download": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: false,
    viewer: false,
  },
  "case:read": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
  "case:decide": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: true,
    viewer: false,
  },
  "inspection:write": {
    owner: true,
    manager: false,
    engineer: true,
    annotator: false,
    reviewer: true,
    viewer: false,
  },
  "presence:share": {
    owner: true,
    manager: true,
    engineer: true,
    annotator: true,
    reviewer: true,
    viewer: true,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Role, boolean>>>>;

export type Action = keyof typeof PERMISSIONS;

/** True when someone with this role may do this. */
export function can(role: Role, action: Action): boolean {
  return PERMISSIONS[action][role];
}
