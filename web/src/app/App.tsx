import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { Toasts } from '@/ui/Toasts';
import { theme } from '@/ui/theme';
import { ErrorBoundary } from './ErrorBoundary';
import { queries } from './queries';
import { router } from './router';

/**
 * Everything that every page stands in. Mantine writes no style element: its variables are a file
 * made at build time (scripts/theme-variables.ts), as the content security policy wants it.
 */
export function App() {
  return (
    <I18nProvider>
      <MantineProvider
        theme={theme}
        forceColorScheme="light"
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <ErrorBoundary>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
            <Toasts />
          </QueryClientProvider>
        </ErrorBoundary>
      </MantineProvider>
    </I18nProvider>
  );
}
