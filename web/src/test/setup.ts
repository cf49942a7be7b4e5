import { configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// How long is waited for what has to happen, not how long it may take.
configure({ asyncUtilTimeout: 60_000 });

afterEach(() => {
  document.body.innerHTML = '';
  localStorage.clear();
});
