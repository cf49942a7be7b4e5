/** The texts of one language, by name: a name may lead to more names. */
export type Messages = { [key: string]: string | Messages };
