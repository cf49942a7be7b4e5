import { useQueryClient } from '@tanstack/react-query';
import type { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { showToast } from '@/ui/toasts/toast';

/** What is done from a menu or a toast has no form beside which a refusal could stand: it is a toast, over what stands now. */
export function useRefused(patientId: string) {
  const queries = useQueryClient();
  const errorText = useErrorText();
  return ({ code }: ApiProblem) => {
    showToast({ text: errorText(code), tone: 'danger' });
    void queries.invalidateQueries({ queryKey: ['patient', patientId] });
  };
}
