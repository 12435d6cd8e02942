import type { Role } from "@loupe/contracts";
import { createAccessControl } from "better-auth/plugins/access";
import { defaultStatements, ownerAc } from "better-auth/plugins/organization/access";

const access = createAccessControl(defaultStatements);

/** Only owners manage members; what the roles may do with projects is the contracts' table. */
const roles = {
  owner: access.newRole(ownerAc.statements),
  manager: access.newRole({}),
  engineer: access.newRole({}),
  annotator: access.newRole({}),
  reviewer: access.newRole({}),
  viewer: access.newRole({}),
} satisfies Record<Role, unknown>;

/** Our roles in the terms of the organisation plugin. */
export const organisationRoles = { ac: access, roles };
