import { expect, it } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { whyNot } from './link';

const refused = (code: string, data: Record<string, unknown> = {}) =>
  new ApiProblem(409, code, [], data);

it.each([
  [refused('guest_link_wrong'), 'wrong'],
  [refused('guest_link_used'), 'used'],
  [refused('guest_link_expired'), 'expired'],
  [refused('guest_link_over', { status: 'visit_over' }), 'visit_over'],
  [refused('guest_link_over', { status: 'declined' }), 'declined'],
  [refused('guest_link_over', { status: 'nobody knows' }), 'revoked'],
])('says what is wrong with a link: %s', (problem, why) => {
  expect(whyNot(problem)).toBe(why);
});

it('takes a link that was cut short for a wrong one, and not what was typed beside it', () => {
  const field = (path: string) => new ApiProblem(422, 'invalid', [{ path, code: 'malformed' }]);
  expect(whyNot(field('token'))).toBe('wrong');
  expect(whyNot(field('name'))).toBeNull();
});

it('blames no link for what passes by itself', () => {
  expect(whyNot(new ApiProblem(0, 'unreachable'))).toBeNull();
  expect(whyNot(new ApiProblem(429, 'too_many'))).toBeNull();
  expect(whyNot(new Error('what?'))).toBeNull();
});
