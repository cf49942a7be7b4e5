"""What the product promises in numbers, each measured beside a ceiling of the same run (`make bench`)."""
