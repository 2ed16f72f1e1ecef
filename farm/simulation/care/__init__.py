"""What people do about the health of the fish: watch, treat, vaccinate, write it down.

Parts of care tell the journal in a `Note` what happened. Facts of the notes on treatments, of one
place and day each (``treatment`` is a treatment type's name, ``disease`` a disease's name, days are
ISO dates, shares in per cent):

=============  =====================================================================================
DECISION       treatment, reason (outbreak, lice or preventive), containers, day (of the first
               container), disease ("" for none)
TREATMENT      treatment, reason, containers, fish (begins today); method, temperature_c
EFFECT         treatment, reason, containers, before, after, effect_percent, deaths (of treatment);
               before and after are adult females per fish for lice, deaths per mille and week else;
               no effect_percent where before is 0
WITHHOLDING    treatment, containers, phase (begins or ends), degree_days or days (required, for
               begins; counted, for ends)
EARLY_HARVEST  disease, containers, percent_per_day (deaths of the worst container), weight_g (mean)
=============  =====================================================================================
"""
