import { describe, expect, it } from 'vitest';
import { readablePhone } from './phone';

describe('readablePhone', () => {
  it.each([
    ['+13125550100', '(312) 555-0100'],
    ['911', '911'],
    ['+525512345678', '+525512345678'],
  ])('%s reads %s', (number, text) => expect(readablePhone(number)).toBe(text));
});
