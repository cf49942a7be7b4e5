import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import type { Plugin } from 'vite';
import { theme } from '../src/ui/theme/theme.ts';

const ID = 'virtual:theme-variables.css';

/**
 * Writes Mantine's CSS variables to a style sheet when the app is built.
 *
 * Mantine would otherwise add them in a <style> element at run time, which the
 * content security policy (`style-src 'self'`) refuses.
 */
export function themeVariables(): Plugin {
  return {
    name: 'carethread-theme-variables',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) =>
      id === `\0${ID}`
        ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)))
        : undefined,
  };
}
