import { useParams } from '@tanstack/react-router';

/** One parameter of this page's address: `useParam('visitId')`. */
export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const value = params[name];
  if (value === undefined) throw new Error(`This page's address has no ${name}`);
  return value;
}
