"""What others know a patient by: member numbers, licenses, passports, record numbers elsewhere."""
