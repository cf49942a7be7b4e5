import { useState } from 'react';
import { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { DiagnosisSearch } from '../note/editor/DiagnosisPicker';

interface Picked {
  code: string;
  display: string;
}

interface AddProblemProps {
  onAdd: (picked: Picked) => Promise<unknown>;
  close: () => void;
}

/** A problem is added by picking its diagnosis: nothing else has to be pressed. */
export function AddProblem({ onAdd, close }: AddProblemProps) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const pick = async (picked: Picked) => {
    try {
      await onAdd(picked);
      close();
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected'));
    }
  };
  return (
    <>
      <DiagnosisSearch taken={[]} onPick={(picked) => void pick(picked)} />
      <FormProblem of={problem} />
    </>
  );
}
