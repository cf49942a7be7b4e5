"""Files of patients: a row that says what each is and who may read it, and sealed bytes in a store."""
