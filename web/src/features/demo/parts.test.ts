import { describe, expect, it } from 'vitest';
import { parts } from './parts';

describe('the addresses in a notice', () => {
  it('are links, without the full stop after them', () => {
    const found = parts('Open https://clinic.example/c/demo#link=abc. Thank you.');
    expect(found.map(({ kind, text }) => [kind, text])).toEqual([
      ['text', 'Open '],
      ['link', 'https://clinic.example/c/demo#link=abc'],
      ['text', '. Thank you.'],
    ]);
  });

  it('are never anything but the web', () => {
    expect(parts('javascript:alert(1)').map(({ kind }) => kind)).toEqual(['text']);
  });
});
