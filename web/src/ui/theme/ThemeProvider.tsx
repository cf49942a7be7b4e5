import { MantineContext, MantineThemeProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { theme } from './theme';

const SETTINGS = {
  colorScheme: 'light',
  setColorScheme: () => undefined,
  clearColorScheme: () => undefined,
  getRootElement: () => document.documentElement,
  classNamesPrefix: 'mantine',
  cssVariablesSelector: ':root',
  withStaticClasses: true,
} as const;

/**
 * Gives Mantine's components our theme, and nothing that could write a style element: the variables
 * are a file made at build time (scripts/theme-variables.ts), as the content security policy wants
 * it, and the colour scheme stands in index.html. Half of MantineProvider's weight stays out.
 */
export function ThemeProvider({ children }: { children: ReactNode }) {
  return (
    <MantineContext value={SETTINGS}>
      <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>
    </MantineContext>
  );
}
