import { createAuthClient } from "better-auth/react";

/** Sign-in and sign-out in the browser; everything else asks the server who is signed in. */
export const authClient = createAuthClient({ basePath: "/api/auth" });
