-- Diseases: how often, in whom, when, how long, how deadly, and what laboratories find. A site
-- cycle is a batch at a site. `.wide` bands are yardsticks with twice the room around the middle.

-- disease_incidence --
-- Share of site cycles with an outbreak
-- Of complete cycles at sea, in which the disease struck at least once.
-- Unit: per cent of site cycles
-- Needs: 30 site cycles
-- Source: DI04 for IPN, DI07 for PD, DI14 for SRS; the others judgement after DI22: everyday problems of most cycles
WITH limits (disease, geography, low, high) AS (VALUES
    ('ipn', 'FO', 0.0, 12.0), ('ipn', 'SC', 0.0, 12.0),
    ('pd', 'FO', 0.0, 0.0), ('pd', 'SC', 4.0, 40.0),
    ('srs', 'FO', 0.0, 0.0), ('srs', 'SC', 0.0, 5.0),
    ('hsmi', 'FO', 5.0, 60.0), ('hsmi', 'SC', 5.0, 60.0),
    ('cms', 'FO', 3.0, 45.0), ('cms', 'SC', 3.0, 45.0),
    ('agd', 'FO', 5.0, 70.0), ('agd', 'SC', 20.0, 95.0),
    ('winter_ulcer', 'FO', 10.0, 85.0), ('winter_ulcer', 'SC', 5.0, 80.0)
), cycle AS (
    SELECT geography, site_id, place, batch_id, min(start_date) AS came, max(gone) AS gone
      FROM stay WHERE site_id IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING max(gone) < 'infinity'
)
SELECT c.geography || ' ' || l.disease AS subject, l.low, l.high, count(*) AS had,
       100 * avg((EXISTS (SELECT FROM outbreak AS o
                           WHERE o.place = c.place AND o.disease = l.disease
                             AND o.first_case_date >= c.came
                             AND o.first_case_date < c.gone))::int)::double precision AS measured
  FROM cycle AS c
  JOIN limits AS l USING (geography)
  JOIN disease AS d ON d.code = l.disease
 GROUP BY 1, 2, 3 ORDER BY 1;

-- disease_onset --
-- Age at sea at which a disease is noticed
-- Median of the outbreaks; in days for IPN and AGD, in months for HSMI and CMS.
-- Needs: 15 outbreaks
WITH band (disease, band, days) AS (VALUES
    ('ipn', 'DI02.wide', 1), ('agd', 'DI16.wide', 1), ('hsmi', 'DI11', 30.44),
    ('cms', 'DI13a.wide', 30.44)
), onset AS (
    SELECT o.disease, o.onset_date - (SELECT max(came.day) FROM (
               SELECT min(s.start_date) AS day FROM stay AS s
                WHERE s.place = o.place AND s.start_date <= o.first_case_date
                  AND s.gone > o.first_case_date
                GROUP BY s.batch_id) AS came) AS age
      FROM outbreak AS o WHERE o.site_id IS NOT NULL AND o.onset_date IS NOT NULL
), figure AS (
    -- the first of a cycle counts as the disease's own age, later ones as reinfection
    SELECT disease, age FROM onset WHERE disease <> 'agd' OR age < 365
)
SELECT f.disease AS subject, b.band, count(*) AS had,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.age) / b.days AS measured
  FROM figure AS f JOIN band AS b USING (disease)
 GROUP BY 1, 2, b.days ORDER BY 1;

-- disease_duration --
-- Days from the first case of an outbreak at a site to its end
-- Median of those that are over.
-- Unit: days
-- Needs: 15 outbreaks
-- Source: DI02 for IPN (37 to 92 days), DI06 for PD (1 to 6 months), DI11 for HSMI (1 to 3 months in a pen); a site takes longer than a pen
WITH limits (disease, low, high) AS (VALUES
    ('ipn', 37, 120), ('pd', 45, 240), ('hsmi', 40, 160), ('agd', 40, 200),
    ('winter_ulcer', 30, 200), ('cms', 40, 240)
)
SELECT o.disease AS subject, l.low, l.high, count(*) AS had,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY o.end_date - o.first_case_date) AS measured
  FROM outbreak AS o JOIN limits AS l USING (disease)
 WHERE o.site_id IS NOT NULL AND o.end_date IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1;

-- disease_mortality --
-- Share of a site's fish that an outbreak kills
-- Mean of the outbreaks that are over, of the fish of the site on the day of the first case.
-- Unit: per cent
-- Needs: 15 outbreaks
-- Source: DI01 and DI02 for IPN (3.8 to 10.8), DI06 for PD (0.7 to 26.9, mean 6.9), DI11 for HSMI (0 to 20), DI13 for CMS (3 to 15), judgement for the others
WITH limits (disease, low, high) AS (VALUES
    ('ipn', 2.0, 12.0), ('pd', 0.7, 15.0), ('hsmi', 0.3, 10.0), ('cms', 0.7, 15.0),
    ('agd', 0.3, 12.0), ('winter_ulcer', 0.2, 8.0)
), struck AS (
    SELECT o.disease, 100.0 * o.deaths / nullif(sum(d.population), 0) AS died
      FROM outbreak AS o
      JOIN stay AS s ON s.place = o.place AND s.start_date <= o.first_case_date
                  AND s.gone > o.first_case_date
      JOIN daily_state AS d ON d.assignment_id = s.assignment_id AND d.date = o.first_case_date
     WHERE o.site_id IS NOT NULL AND o.end_date IS NOT NULL
     GROUP BY o.outbreak_id, o.disease, o.deaths
)
SELECT s.disease AS subject, l.low, l.high, avg(s.died) AS measured, count(*) AS had
  FROM struck AS s JOIN limits AS l USING (disease)
 GROUP BY 1, 2, 3 ORDER BY 1;

-- disease_season --
-- Share of outbreaks that begin in their season
-- PD from May to October, winter ulcer from November to April, AGD from July to December, HSMI from
-- October to May.
-- Unit: share of outbreaks
-- Needs: 15 outbreaks
-- Source: DI09 for PD, DI20 for winter ulcer; realism: AGD late summer to autumn, HSMI in winter
WITH season (disease, months, low) AS (VALUES
    ('pd', ARRAY[5, 6, 7, 8, 9, 10], 0.7), ('winter_ulcer', ARRAY[11, 12, 1, 2, 3, 4], 0.8),
    ('agd', ARRAY[7, 8, 9, 10, 11, 12], 0.65), ('hsmi', ARRAY[10, 11, 12, 1, 2, 3, 4, 5], 0.65)
)
SELECT o.disease AS subject, s.low, 1 AS high, count(*) AS had,
       avg((extract(month FROM o.first_case_date) = ANY (s.months))::int)::double precision
           AS measured
  FROM outbreak AS o JOIN season AS s USING (disease)
 WHERE o.site_id IS NOT NULL
 GROUP BY 1, 2 ORDER BY 1;

-- winter_ulcer_temperature --
-- Sea temperature when winter ulcer is noticed
-- Median of the outbreaks.
-- Needs: 10 outbreaks
SELECT NULL AS subject, 'DI20' AS band, count(*) AS had,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY d.temperature_c) AS measured
  FROM outbreak AS o
  JOIN site_day AS d ON d.site_id = o.site_id AND d.date = o.onset_date
 WHERE o.disease = 'winter_ulcer';

-- pancreas_disease --
-- Duration and mortality of pancreas disease at a site
-- Means of the outbreaks that are over, against Norwegian SAV3.
-- Needs: 8 outbreaks
WITH struck AS (
    SELECT (o.end_date - o.first_case_date) / 30.44 AS months,
           100.0 * o.deaths / nullif(sum(d.population), 0) AS died
      FROM outbreak AS o
      JOIN stay AS s ON s.place = o.place AND s.start_date <= o.first_case_date
                  AND s.gone > o.first_case_date
      JOIN daily_state AS d ON d.assignment_id = s.assignment_id AND d.date = o.first_case_date
     WHERE o.disease = 'pd' AND o.site_id IS NOT NULL AND o.end_date IS NOT NULL
     GROUP BY o.outbreak_id, o.end_date, o.first_case_date, o.deaths
), figure AS (
    SELECT avg(months) AS months, avg(died) AS died, count(*) AS had FROM struck
)
SELECT part.*, had
  FROM figure, LATERAL (VALUES ('months', months, 'DI06a'), ('mortality', died, 'DI06b'))
                       AS part (subject, measured, band);

-- disease_spreads --
-- Share of a site's pens that an outbreak reaches
-- Mean of the outbreaks at sea that are over.
-- Unit: share of pens
-- Needs: 20 outbreaks
-- Source: judgement: infections spread between the pens of a site, not always to all
WITH struck AS (
    SELECT o.geography, o.outbreak_id, o.assignments_affected::double precision / count(*) AS share
      FROM outbreak AS o
      JOIN stay AS s ON s.place = o.place AND s.start_date < o.over AND s.gone > o.first_case_date
     WHERE o.site_id IS NOT NULL AND o.end_date IS NOT NULL
     GROUP BY 1, 2, o.assignments_affected
)
SELECT geography AS subject, avg(share) AS measured, count(*) AS had, 0.3 AS low, 0.95 AS high
  FROM struck GROUP BY 1 ORDER BY 1;

-- outbreaks_are_diagnosed --
-- Share of noticed outbreaks that a laboratory confirms
-- Of those that are over.
-- Unit: share of outbreaks
-- Needs: 20 outbreaks
-- Source: judgement: suspicion is followed by samples, and tests are sensitive
SELECT geography AS subject, count(*) AS had, 0.7 AS low, 1 AS high,
       avg((diagnosed_date IS NOT NULL)::int)::double precision AS measured
  FROM outbreak WHERE onset_date IS NOT NULL AND end_date IS NOT NULL
 GROUP BY 1 ORDER BY 1;

-- carriers_late_at_sea --
-- Share of fish that carry PRV after ten months at sea
-- By PCR: carriers are nearly all fish, so that a positive test is no disease.
-- Needs: 300 fish
SELECT s.geography AS subject, 'DI12' AS band, sum(l.n) AS had,
       100 * sum(l.positive) / sum(l.n)::double precision AS measured
  FROM lab_sample AS l
  JOIN lab_test AS t ON t.id = l.lab_test_id AND t.code ~ 'prv'
  JOIN stay AS s USING (assignment_id)
 WHERE s.site_id IS NOT NULL AND l.received_on IS NOT NULL AND l.sampled_on - s.start_date > 300
 GROUP BY 1 ORDER BY 1;

-- healthy_fish_test_negative --
-- Share of fish that test positive for a disease that is not there
-- At places without an outbreak of it in the two months around; PCR for viruses that fish carry
-- without being sick is left out.
-- Unit: share of fish
-- Needs: 500 fish
-- Source: lab_test.specificity
SELECT NULL AS subject, sum(l.positive) / sum(l.n)::double precision AS measured, sum(l.n) AS had,
       0 AS low, 0.04 AS high
  FROM lab_sample AS l
  JOIN lab_test AS t ON t.id = l.lab_test_id
  JOIN disease AS d ON d.id = t.disease_id
  JOIN stay AS s USING (assignment_id)
 WHERE l.received_on IS NOT NULL
   AND NOT (t.method = 'pcr' AND d.code IN ('hsmi', 'cms', 'ipn', 'bkd'))
   AND NOT EXISTS (SELECT FROM outbreak AS o
                    WHERE o.place = s.place AND o.disease_id = t.disease_id
                      AND l.sampled_on BETWEEN o.first_case_date - 30 AND o.over + 30);

-- laboratories_take_time --
-- Days from sampling to the laboratory's answer
-- Median, by method.
-- Unit: days
-- Needs: 30 samples
-- Source: judgement: PCR within a week, culture and histology one to two weeks
WITH limits (method, low, high) AS (VALUES
    ('pcr', 2, 9), ('bacteriology', 4, 14), ('histology', 5, 21), ('microscopy', 0, 4)
)
SELECT t.method AS subject, l.low, l.high, count(*) AS had,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.received_on - s.sampled_on) AS measured
  FROM lab_sample AS s
  JOIN lab_test AS t ON t.id = s.lab_test_id
  JOIN limits AS l USING (method)
 WHERE s.received_on IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1;
