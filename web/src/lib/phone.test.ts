import { describe, expect, it } from 'vitest';
import { dialLink, readablePhone } from './phone';

describe('readablePhone', () => {
  it.each([
    ['+13125550100', '(312) 555-0100'],
    ['+13125550100;ext=204', '(312) 555-0100 ext. 204'],
    ['911', '911'],
    ['+1-800-222-1222', '1-800-222-1222'],
    ['+525512345678', '+525512345678'],
    ['+525512345678;ext=9', '+525512345678 ext. 9'],
    ['', ''],
  ])('%s reads %s', (number, text) => expect(readablePhone(number)).toBe(text));
});

describe('dialLink', () => {
  it.each([
    ['+13125550100', 'tel:+13125550100'],
    ['+13125550100;ext=204', 'tel:+13125550100,204'],
    ['911', 'tel:911'],
  ])('%s is dialed by %s', (number, link) => expect(dialLink(number)).toBe(link));
});
