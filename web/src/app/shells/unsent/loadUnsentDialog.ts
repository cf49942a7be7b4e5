import { catalogues } from '@/lib/i18n/catalogues';

/** The dialog with its texts. Asked for early: when it is needed there may be no connection. */
export async function loadUnsentDialog() {
  const [dialog] = await Promise.all([
    import('./UnsentDialog'),
    catalogues.load('messaging/outbox'),
  ]);
  return dialog.default;
}
