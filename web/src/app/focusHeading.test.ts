import { beforeEach, describe, expect, it, vi } from 'vitest';
import { focusHeading } from './focusHeading';

const loaded = '<h1 tabindex="-1" data-page-heading>Waiting room</h1><button>Leave</button>';

describe('the focus on arrival', () => {
  beforeEach(() => {
    document.body.innerHTML = '<main id="main" tabindex="-1"><button>Skip</button></main>';
  });
  const main = () => document.getElementById('main') as HTMLElement;
  const focused = () => document.activeElement?.textContent;

  it('is on the heading', () => {
    main().innerHTML = loaded;
    focusHeading();
    expect(focused()).toBe('Waiting room');
  });

  it('is on the page, and on the heading once that is loaded', async () => {
    focusHeading();
    expect(document.activeElement).toBe(main());
    main().innerHTML = loaded;
    await vi.waitFor(() => expect(focused()).toBe('Waiting room'));
  });

  it('stays where the person has put it', async () => {
    focusHeading();
    document.querySelector('button')?.focus();
    main().insertAdjacentHTML('beforeend', loaded);
    await Promise.resolve();
    expect(focused()).toBe('Skip');
  });
});
