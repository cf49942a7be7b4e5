import { useEffect } from 'react';

const subjects: string[] = [];

/** While this is drawn, a step-up names what it is for: 'Sign amoxicillin 500 mg for Ana Ruiz'. */
export function useStepUpFor(subject: string): void {
  useEffect(() => {
    subjects.push(subject);
    return () => void subjects.splice(subjects.lastIndexOf(subject), 1);
  }, [subject]);
}

/** What a step-up that is asked for now is for; of two things on the screen, what lies in front. */
export const stepUpSubject = (): string | undefined => subjects.at(-1);
