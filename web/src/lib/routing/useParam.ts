import { useParams } from '@tanstack/react-router';
import type { ParamName } from './destination';

/** One parameter of this page's address: `useParam('visitId')`. */
export function useParam(name: ParamName): string {
  const value = useParams({ strict: false })[name];
  if (value === undefined) throw new Error(`This page's address has no ${name}`);
  return value;
}
