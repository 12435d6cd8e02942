"use client";

import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

import { Avatar } from "../../../components/avatar.tsx";
import { Menu, MenuChoice, MenuDivider, MenuItem, MenuLabel } from "../../../components/menu.tsx";
import { authClient } from "../../../lib/auth-client.ts";
import { parseTheme, THEME_COOKIE, themeAttribute, type Theme } from "../../../lib/theme.ts";
import { useMe } from "./session-provider.tsx";

const THEME_OPTIONS = [
  {
    value: "system",
    label: (
      <>
        <Monitor aria-hidden /> Like the system
      </>
    ),
  },
  {
    value: "light",
    label: (
      <>
        <Sun aria-hidden /> Light
      </>
    ),
  },
  {
    value: "dark",
    label: (
      <>
        <Moon aria-hidden /> Dark
      </>
    ),
  },
] as const;

const YEAR_SECONDS = 365 * 24 * 60 * 60;

function applyTheme(theme: Theme): void {
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  const attribute = themeAttribute(theme);
  if (attribute) document.documentElement.dataset["theme"] = attribute;
  else delete document.documentElement.dataset["theme"];
}

async function signOut(): Promise<void> {
  await authClient.signOut().catch(() => undefined);
  window.location.assign("/sign-in");
}

/** Who I am, how it looks, and the way out. */
export function UserMenu({ theme: initialTheme }: { readonly theme: Theme }) {
  const me = useMe();
  const [theme, setTheme] = useState(initialTheme);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${me.user.name}`}
          className="rounded-full pointer-coarse:p-2.5"
        >
          <span aria-hidden>
            <Avatar id={me.user.id} name={me.user.name} site={me.site} />
          </span>
        </button>
      }
    >
      <MenuLabel>
        <span className="text-ink block font-medium">{me.user.name}</span>
        {me.user.email} · {me.role}
        {me.site !== null && ` · ${me.site}`}
      </MenuLabel>
      <MenuDivider />
      <MenuChoice
        value={theme}
        options={THEME_OPTIONS}
        onChange={(value) => {
          const next = parseTheme(value);
          setTheme(next);
          applyTheme(next);
        }}
      />
      <MenuDivider />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
