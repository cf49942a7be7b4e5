import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import '@mantine/core/styles.layer.css';
import 'virtual:theme-variables.css';
import '@/ui/theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { startLocale } from '@/lib/i18n/locale';
import { stayAway } from '@/lib/session/quickExit';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root');

stayAway();
await startLocale();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
