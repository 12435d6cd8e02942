export { safeReturnPath } from "./ui/safe-return-path.ts";
export { SessionProvider, useMe } from "./ui/session-provider.tsx";
export { SignInForm } from "./ui/sign-in-form.tsx";
export { UserMenu } from "./ui/user-menu.tsx";
