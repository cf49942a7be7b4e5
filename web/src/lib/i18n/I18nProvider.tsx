import type { ReactNode } from 'react';
import { IntlProvider } from 'use-intl';
import { useLocaleState } from './locale';

/** A missing text shows its last key in words; the console names it, where tests find it. */
function onError(error: Error): void {
  // biome-ignore lint/suspicious/noConsole: the one place where a missing text can be seen
  console.error(error.message);
}

const fallback = ({ key }: { key: string }) => (key.split('.').at(-1) ?? key).replaceAll('_', ' ');

export function I18nProvider({ children, timeZone }: { children: ReactNode; timeZone?: string }) {
  const { locale, messages } = useLocaleState();
  return (
    <IntlProvider
      locale={locale}
      messages={messages}
      timeZone={timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
      onError={onError}
      getMessageFallback={fallback}
    >
      {children}
    </IntlProvider>
  );
}
