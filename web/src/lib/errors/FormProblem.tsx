import { Alert } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from './useErrorText';

/** What went wrong with a whole form, read out at once. Nothing is drawn while all is well. */
export function FormProblem({ of: problem }: { of: ApiProblem | null | undefined }) {
  const errorText = useErrorText();
  return (
    <div role="alert">
      {problem && (
        <Alert role="none" color="red" icon={<IconAlertCircle aria-hidden />}>
          {errorText(problem.code, numbersAndWords(problem.data))}
        </Alert>
      )}
    </div>
  );
}

function numbersAndWords(data: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
}
