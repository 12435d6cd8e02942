/**
 * Every address that better-auth would answer, and what we make of it.
 *
 * `open`: people use it. `secret`: it tests a password, so attempts are counted
 * by account and address. `closed`: the product does not use it, so it does not
 * exist. A test holds this list against the library's own.
 */
export const AUTH_DOORS: Readonly<Record<string, "open" | "secret" | "closed">> = {
  "/sign-in/email": "secret",
  "/verify-password": "secret",
  "/change-password": "secret",

  "/get-session": "open",
  "/sign-out": "open",
  "/list-sessions": "open",
  "/revoke-session": "open",
  "/revoke-sessions": "open",
  "/revoke-other-sessions": "open",
  "/update-user": "open",

  "/organization/create": "open",
  "/organization/update": "open",
  "/organization/delete": "open",
  "/organization/set-active": "open",
  "/organization/get-organization": "open",
  "/organization/get-full-organization": "open",
  "/organization/list": "open",
  "/organization/invite-member": "open",
  "/organization/cancel-invitation": "open",
  "/organization/accept-invitation": "open",
  "/organization/get-invitation": "open",
  "/organization/reject-invitation": "open",
  "/organization/list-invitations": "open",
  "/organization/list-user-invitations": "open",
  "/organization/get-active-member": "open",
  "/organization/get-active-member-role": "open",
  "/organization/list-members": "open",
  "/organization/remove-member": "open",
  "/organization/update-member-role": "open",
  "/organization/leave": "open",
  "/organization/has-permission": "open",

  "/organization/check-slug": "closed",
  "/sign-in/social": "closed",
  "/callback/:id": "closed",
  "/sign-up/email": "closed",
  "/request-password-reset": "closed",
  "/reset-password": "closed",
  "/reset-password/:token": "closed",
  "/verify-email": "closed",
  "/send-verification-email": "closed",
  "/change-email": "closed",
  "/update-session": "closed",
  "/delete-user": "closed",
  "/delete-user/callback": "closed",
  "/link-social": "closed",
  "/unlink-account": "closed",
  "/list-accounts": "closed",
  "/account-info": "closed",
  "/refresh-token": "closed",
  "/get-access-token": "closed",
  "/ok": "closed",
  "/error": "closed",
};
