import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { ThemeProvider } from '@/ui/theme/ThemeProvider';
import { Toasts } from '@/ui/toasts/Toasts';
import { ErrorBoundary } from './ErrorBoundary';
import { queries } from './queries';
import { router } from './router';

/** Everything that every page stands in. */
export function App() {
  return (
    <I18nProvider>
      <ThemeProvider>
        <ErrorBoundary>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
            <Toasts />
          </QueryClientProvider>
        </ErrorBoundary>
      </ThemeProvider>
    </I18nProvider>
  );
}
