"""NCPDP SCRIPT 2017071 as far as we speak it: NewRx out, Status, Verify and Error in. No certification is claimed."""
