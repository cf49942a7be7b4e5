import { describe, expect, it } from 'vitest';
import { codeIn, parts } from './parts';

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

describe('the code in a notice', () => {
  it('is its six figures, and no part of a phone number or an address', () => {
    expect(codeIn('Your code is 482913. It works for 10 minutes.')).toBe('482913');
    expect(codeIn('Call +1-518-555-0100 or open https://clinic.example/c/123456')).toBeUndefined();
    expect(codeIn('Read it: https://clinic.example/visits/a123456b-0000')).toBeUndefined();
  });
});
