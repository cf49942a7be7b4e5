"""Builds data/icd10cm.tsv.xz from simple-icd-10-cm, once per release of ICD-10-CM.

Run by hand (`python -m chart.terminology.build_icd10`): importing that library costs 2 s and 177 MB, so that no
process of ours does. A line is `code, billable (1 or 0), description, inclusion terms ('|' between)`, sorted by code.
"""

import lzma

from chart.terminology.files import ICD10_FILE


def lines() -> list[str]:
    import simple_icd_10_cm as icd

    found = set()
    for code in icd.get_all_codes(True):
        # Chapters are roman or plain numbers and blocks are ranges; a block of one category bears its name.
        if (
            not code[0].isalpha()
            or "-" in code
            or (icd.is_chapter_or_block(code) and not icd.is_category(code))
        ):
            continue
        # Seventh-character codes inherit the inclusion terms of their parent: repeating them would only drown it.
        terms = [] if icd.is_extended_subcategory(code) else icd.get_inclusion_term(code)
        billable = "1" if icd.is_leaf(code) else "0"
        fields = [code, billable, icd.get_description(code), "|".join(terms)]
        # Some terms of the release hold stray tabs and line breaks.
        found.add("\t".join(" ".join(field.split()) for field in fields))
    return sorted(found)


if __name__ == "__main__":
    ICD10_FILE.write_bytes(lzma.compress(("\n".join(lines()) + "\n").encode(), preset=9))
