import "../styles/globals.css";

import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";

import { Toaster } from "../components/toaster.tsx";
import { parseTheme, THEME_COOKIE, themeAttribute } from "../lib/theme.ts";

export const metadata: Metadata = {
  title: { default: "Loupe", template: "%s · Loupe" },
  description: "Find defects in pictures of parts, together.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={themeAttribute(theme)}>
      <body>
        {children}
        <Toaster />
      </body>
    </html>
  );
}
