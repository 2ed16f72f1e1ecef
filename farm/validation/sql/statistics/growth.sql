-- Life, growth and feed. `.wide` bands are yardsticks: figures of other farms, mostly Norwegian,
-- with twice the room around the middle.

-- smolt_weight --
-- Mean weight at sea transfer
-- By number of fish, in the years that a publication speaks of.
-- Needs: 5 batches
WITH band (geography, from_year, to_year, band) AS (VALUES
    ('FO', 2018, 2018, 'LC13'), ('FO', 2023, 2025, 'LC12'), ('SC', 2015, 2018, 'LC11'),
    ('SC', 2024, 2024, 'LC16')
)
SELECT g.code || ' ' || b.from_year || coalesce('-' || nullif(b.to_year, b.from_year), '')
       AS subject, b.band,
       sum(t.count * t.mean_weight_g) / sum(t.count) AS measured,
       count(DISTINCT a.batch_id) AS had
  FROM transfer AS t
  JOIN assignment AS a ON a.id = t.to_assignment_id
  JOIN batch ON batch.id = a.batch_id
  JOIN geography AS g ON g.id = batch.geography_id
  JOIN band AS b ON b.geography = g.code
                AND extract(year FROM t.date) BETWEEN b.from_year AND b.to_year
 WHERE t.kind = 'sea'
 GROUP BY 1, 2
 ORDER BY 1;

-- degree_days_of_eggs --
-- Degree-days from fertilisation to first feeding
-- Mean of the batches: what the eggs and alevins of a batch have lived through when most of them
-- are moved on to feed.
-- Needs: 5 batches
WITH lived AS (
    SELECT s.geography, s.batch_id, s.assignment_id, sum(d.temperature_c) AS degree_days
      FROM daily_state AS d JOIN stay AS s USING (assignment_id)
     WHERE s.stage_order = 1 AND s.end_date IS NOT NULL
     GROUP BY 1, 2, 3
), batch AS (
    SELECT geography, batch_id, avg(degree_days) AS degree_days FROM lived GROUP BY 1, 2
)
SELECT geography AS subject, 'LC04' AS band, avg(degree_days) AS measured, count(*) AS had
  FROM batch GROUP BY 1 ORDER BY 1;

-- first_feeding_weight --
-- Weight at first feeding
-- Mean weight of fish moved from trays to tanks.
-- Needs: 5 batches
SELECT s.geography AS subject, 'LC05' AS band,
       sum(t.count * t.mean_weight_g) / sum(t.count) AS measured, count(DISTINCT s.batch_id) AS had
  FROM transfer AS t
  JOIN stay AS s ON s.assignment_id = t.from_assignment_id
  JOIN stay AS into_tank ON into_tank.assignment_id = t.to_assignment_id
 WHERE s.stage_order = 1 AND into_tank.stage_order = 2
 GROUP BY 1 ORDER BY 1;

-- age_of_young_fish --
-- Months from first feeding to parr, and to the sea
-- To 5 g; to a smolt of about 100 g; to a post-smolt of 350 g and more. By batch.
-- Needs: 4 batches
WITH step AS (
    SELECT x.geography, x.batch_id, x.stage_order, min(t.date) AS day,
           sum(t.count * t.mean_weight_g) / sum(t.count) AS weight_g
      FROM transfer AS t
      JOIN stay AS x ON x.assignment_id = t.to_assignment_id
      JOIN stay AS f ON f.assignment_id = t.from_assignment_id
     WHERE x.stage_order > f.stage_order
     GROUP BY 1, 2, 3
), age AS (
    SELECT s.geography, s.batch_id, s.stage_order, s.weight_g, (s.day - f.day) / 30.44 AS months
      FROM step AS s
      JOIN step AS f ON f.batch_id = s.batch_id AND f.stage_order = 2
), figure AS (
    SELECT geography, batch_id, months, 'parr' AS of, 'LC07' AS band FROM age WHERE stage_order = 3
    UNION ALL
    SELECT geography, batch_id, months, 'smolt of 100 g', 'LC08' FROM age
     WHERE stage_order = 6 AND weight_g BETWEEN 85 AND 130
    UNION ALL
    SELECT geography, batch_id, months, 'post-smolt of 350 g', 'LC09.wide' FROM age
     WHERE stage_order = 6 AND weight_g BETWEEN 350 AND 550
)
SELECT geography || ' ' || of AS subject, band, avg(months) AS measured, count(*) AS had
  FROM figure GROUP BY 1, 2 ORDER BY 1;

-- months_at_sea --
-- Months at sea, by weight at transfer
-- From the transfer of a pen's fish to its harvest, weighted by fish. The published figures are
-- Faroese.
-- Needs: 40 pens
WITH pen AS (
    SELECT s.geography, s.start_weight_g, sum(h.count) AS fish,
           sum(h.count * (h.date - s.start_date)) / sum(h.count)::double precision / 30.44 AS months
      FROM stay AS s JOIN harvest_event AS h USING (assignment_id)
     GROUP BY 1, 2, s.assignment_id
), class (name, lightest, heaviest, band) AS (
    VALUES ('100 g', 80, 140, 'LC18.wide'), ('400 g', 350, 470, 'LC21')
)
SELECT p.geography || ' ' || c.name AS subject, c.band,
       sum(p.fish * p.months) / sum(p.fish) AS measured, count(*) AS had
  FROM pen AS p JOIN class AS c ON p.start_weight_g BETWEEN c.lightest AND c.heaviest
 WHERE p.geography = 'FO'
 GROUP BY 1, 2 ORDER BY 1;

-- best_cycles --
-- Days at sea until fish weigh 6.25 kg, in the best tenth of cycles
-- Of the cycles of Scottish sites with smolts of 80 to 160 g, each by its own growth coefficient: a
-- cycle harvested lighter is carried on, one harvested heavier cut short. A record of a competitor:
-- a yardstick.
-- Needs: 40 site cycles
WITH pen AS (
    SELECT site_id, batch_id, assignment_id, sum(days) AS days
      FROM pen_week WHERE geography = 'SC' GROUP BY 1, 2, 3
), cycle AS (
    SELECT p.site_id, p.batch_id,
           sum(s.start_count * p.days * (cbrt(6250) - cbrt(s.start_weight_g))
               / (cbrt(s.end_weight_g) - cbrt(s.start_weight_g))) / sum(s.start_count) AS days
      FROM pen AS p JOIN stay AS s USING (assignment_id)
     WHERE s.start_date >= %(first)s AND s.end_date <= %(after)s AND s.end_weight_g > 3000
     GROUP BY 1, 2 HAVING avg(s.start_weight_g) BETWEEN 80 AND 160
)
SELECT NULL AS subject, 'LC22.wide' AS band, count(*) AS had,
       percentile_cont(0.1) WITHIN GROUP (ORDER BY days) AS measured
  FROM cycle;

-- harvest_weight --
-- Mean weight at harvest
-- Live in Scotland, by year and over all; gutted in the Faroes, over all, as the published quarters
-- are later than most of this.
-- Needs: 100 pens
WITH lot AS (
    SELECT s.geography, extract(year FROM l.date) AS year, sum(l.count) AS fish,
           sum(l.live_kg) AS live, sum(l.gutted_kg) AS gutted,
           count(DISTINCT l.assignment_id) AS pens
      FROM harvest_lot AS l JOIN stay AS s USING (assignment_id)
     WHERE l.date >= %(first)s AND l.date < %(after)s
     GROUP BY GROUPING SETS ((1, 2), (1))
)
SELECT geography || coalesce(' ' || year, '') AS subject, pens AS had,
       CASE geography WHEN 'SC' THEN live ELSE gutted END / fish AS measured,
       CASE WHEN geography = 'FO' THEN 'LC24.wide' WHEN year IS NULL THEN 'LC29' ELSE 'LC29.wide' END
           AS band
  FROM lot WHERE geography = 'SC' OR year IS NULL ORDER BY 1;

-- gutted_yield --
-- Gutted over live weight
-- Of all lots.
-- Needs: 20 lots
SELECT s.geography AS subject, 'LC32' AS band, sum(l.gutted_kg) / sum(l.live_kg) AS measured,
       count(*) AS had
  FROM harvest_lot AS l JOIN stay AS s USING (assignment_id)
 GROUP BY 1 ORDER BY 1;

-- survival_to_sea --
-- Survival from egg to sea
-- Smolts put to sea per egg laid down; eggs that live to feed, against a yardstick that counts from
-- eyed eggs; fry that live to go to sea, against one without the culls that smolts per egg are net
-- of. Of batches that are at sea as a whole.
-- Needs: 12 batches
WITH moved AS (
    SELECT x.batch_id, sum(t.count) FILTER (WHERE x.stage_order = 2 AND f.stage_order = 1) AS fry,
           sum(t.count) FILTER (WHERE t.kind = 'sea') AS smolts
      FROM transfer AS t
      JOIN stay AS x ON x.assignment_id = t.to_assignment_id
      JOIN stay AS f ON f.assignment_id = t.from_assignment_id
     GROUP BY 1
), figure AS (
    SELECT g.code AS geography, count(*) AS had,
           sum(m.smolts) / sum(b.eggs)::double precision AS smolts,
           100 * sum(m.fry) / sum(b.eggs)::double precision AS fry,
           100 * sum(m.smolts) / sum(m.fry)::double precision AS reared
      FROM moved AS m
      JOIN batch AS b ON b.id = m.batch_id
      JOIN geography AS g ON g.id = b.geography_id
     WHERE m.smolts > 0
       AND NOT EXISTS (SELECT FROM stay AS s WHERE s.batch_id = m.batch_id AND s.site_id IS NULL
                                               AND s.end_date IS NULL)
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure,
       LATERAL (VALUES ('smolts per egg', smolts, 'LC34'), ('egg to first feeding', fry, 'LC35.wide'),
                       ('first feeding to smolt', reared, 'LC36.wide')) AS part (subject, measured, band)
 ORDER BY 1;

-- growth_at_sea --
-- Thermal growth coefficient of whole cycles at sea
-- By site and batch: mean weight in and out, and the sum of temperatures of its pens. 5th
-- percentile, median and 95th percentile, and how much the cycles differ.
-- Needs: 20 site cycles
WITH pen AS (
    SELECT p.geography, p.site_id, p.batch_id, p.assignment_id,
           sum(p.temperature_c * p.days) AS degree_days
      FROM pen_week AS p GROUP BY 1, 2, 3, 4
), cycle AS (
    SELECT p.geography, p.site_id, p.batch_id,
           sum(s.start_count * 1000 * (cbrt(s.end_weight_g) - cbrt(s.start_weight_g)) / p.degree_days)
               / sum(s.start_count) AS tgc
      FROM pen AS p JOIN stay AS s USING (assignment_id)
     WHERE s.start_date >= %(first)s AND s.end_date <= %(after)s
     GROUP BY 1, 2, 3
), figure AS (
    SELECT geography, count(*) AS had, 100 * stddev_samp(tgc) / avg(tgc) AS cv,
           percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY tgc) AS p
      FROM cycle GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES ('p5', p[1], 'GR02.p5'), ('median', p[2], 'GR02'),
                               ('p95', p[3], 'GR02.p95'), ('CV', cv, 'GR13'))
                       AS part (subject, measured, band)
 ORDER BY 1;

-- growth_on_land --
-- Thermal growth coefficient in fresh water
-- Median of the stays of three weeks and more: fry and parr below 30 g, fish of 30 to 150 g, and
-- post-smolts above.
-- Needs: 20 stays
WITH lived AS (
    SELECT assignment_id, sum(temperature_c) AS degree_days, count(*) AS days
      FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s AND salinity_psu IS NULL
     GROUP BY 1
), grown AS (
    SELECT s.geography,
           CASE WHEN s.end_weight_g <= 36 THEN 'GR07' WHEN s.start_weight_g < 30 THEN NULL
                WHEN s.end_weight_g <= 150 THEN 'GR08' ELSE 'GR09' END AS band,
           1000 * (cbrt(s.end_weight_g) - cbrt(s.start_weight_g)) / l.degree_days AS tgc
      FROM lived AS l JOIN stay AS s USING (assignment_id)
     WHERE s.stage_order > 1 AND l.days >= 21 AND s.end_date - s.start_date = l.days
)
SELECT geography || CASE band WHEN 'GR07' THEN ' to 30 g' WHEN 'GR08' THEN ' 30 to 150 g'
                              ELSE ' above 150 g' END AS subject, band,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY tgc) AS measured, count(*) AS had
  FROM grown WHERE band IS NOT NULL
 GROUP BY 1, band, geography ORDER BY 1;

-- growth_by_age --
-- Thermal growth coefficient after transfer and of large fish in winter
-- Median week of pens: of the first eight weeks at sea, and of fish above 4 kg from December to
-- March.
-- Needs: 200 weeks of pens
WITH week AS (
    SELECT geography, tgc, CASE WHEN age < 56 THEN 'GR10' ELSE 'GR11' END AS band
      FROM pen_week
     WHERE tgc IS NOT NULL
       AND (age < 56 OR (weight_g > 4000 AND extract(month FROM week) IN (12, 1, 2, 3)))
)
SELECT geography || CASE band WHEN 'GR10' THEN ' after transfer' ELSE ' large in winter' END
       AS subject,
       band, percentile_cont(0.5) WITHIN GROUP (ORDER BY tgc) AS measured, count(*) AS had
  FROM week GROUP BY 1, 2 ORDER BY 1;

-- growth_rate_in_summer --
-- Specific growth rate of small fish in summer
-- Median of the weeks of pens of 200 g to 1 kg from July to September.
-- Needs: 200 weeks of pens
SELECT geography AS subject, 'GR16' AS band, count(*) AS had,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY 100 * gained_kg / biomass_kg) AS measured
  FROM pen_week
 WHERE days = 7 AND age > 28 AND weight_g BETWEEN 200 AND 1000
   AND extract(month FROM week) BETWEEN 7 AND 9
 GROUP BY 1 ORDER BY 1;

-- weight_spread --
-- Coefficient of variation of weight within a container
-- Median of the weeks of pens after their first two months, and of the first days of months in
-- tanks.
-- Needs: 100 containers
WITH tank AS (
    SELECT s.geography, d.weight_cv
      FROM daily_state AS d JOIN stay AS s USING (assignment_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s AND extract(day FROM d.date) = 1
       AND s.site_id IS NULL AND s.stage_order > 1
), figure AS (
    SELECT geography || ' pens' AS subject, 'GR17' AS band, weight_cv FROM pen_week WHERE age > 60
    UNION ALL
    SELECT geography || ' tanks', 'GR18', weight_cv FROM tank
)
SELECT subject, band, 100 * percentile_cont(0.5) WITHIN GROUP (ORDER BY weight_cv) AS measured,
       count(*) AS had
  FROM figure GROUP BY 1, 2 ORDER BY 1;

-- condition_factor --
-- Condition factor of sampled fish
-- Mean of parr and of smolts; 5th percentile, median and 95th percentile of samples of fish of 1 to
-- 6 kg.
-- Needs: 100 samples
WITH sample AS (
    SELECT s.stage, g.condition_factor AS k, g.mean_weight_g
      FROM growth_sample AS g JOIN stay AS s USING (assignment_id)
     WHERE g.sampled_on >= %(first)s AND g.sampled_on < %(after)s
), large AS (
    SELECT count(*) AS had, percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY k) AS p
      FROM sample WHERE stage = 'adult' AND mean_weight_g BETWEEN 1000 AND 6000
)
SELECT stage AS subject, CASE stage WHEN 'parr' THEN 'GR19' ELSE 'GR20' END AS band,
       avg(k) AS measured, count(*) AS had
  FROM sample WHERE stage IN ('parr', 'smolt') GROUP BY 1
UNION ALL
SELECT 'sea ' || part.subject, part.band, part.measured, had
  FROM large, LATERAL (VALUES ('p5', p[1], 'GR21.p5'), ('median', p[2], 'GR21'),
                              ('p95', p[3], 'GR21.p95')) AS part (subject, measured, band);

-- feed_conversion --
-- Economic feed conversion at sea
-- Feed over the weight harvested above what was put to sea: of all complete stays, and the highest
-- twentieth of the cycles of sites against Norwegian counties.
-- Needs: 20 site cycles
WITH fed AS (
    SELECT geography, site_id, batch_id, assignment_id, sum(feed_kg) AS feed
      FROM pen_week GROUP BY 1, 2, 3, 4
), harvested AS (
    SELECT assignment_id, sum(biomass_kg) AS kg FROM harvest_event GROUP BY 1
), cycle AS (
    SELECT f.geography, f.site_id, f.batch_id, sum(f.feed) AS feed,
           sum(h.kg - s.start_count * s.start_weight_g / 1000) AS gain
      FROM fed AS f
      JOIN harvested AS h USING (assignment_id)
      JOIN stay AS s USING (assignment_id)
     WHERE s.start_date >= %(first)s AND s.end_date <= %(after)s
     GROUP BY 1, 2, 3
), figure AS (
    SELECT geography, count(*) AS had, sum(feed) / sum(gain) AS overall,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY feed / gain) AS p95
      FROM cycle GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure,
       LATERAL (VALUES ('overall', overall, CASE geography WHEN 'FO' THEN 'FD03' ELSE 'FD04' END),
                       ('p95 of sites', p95, 'FD02.wide')) AS part (subject, measured, band)
 ORDER BY 1;

-- feed_by_month --
-- Daily feed over standing biomass, by month
-- Of all pens; a yardstick, for the published figures are Norway's.
-- Needs: 3 years
WITH band (month, band) AS (VALUES
    (1, 'FD10.wide'), (3, 'FD12.wide'), (5, 'FD14.wide'), (7, 'FD16.wide'), (9, 'FD18.wide'),
    (11, 'FD20.wide')
)
SELECT p.geography || '-' || lpad(b.month::text, 2, '0') AS subject, b.band,
       100 * sum(p.feed_kg) / sum(p.biomass_kg) AS measured,
       count(DISTINCT extract(year FROM p.week)) AS had
  FROM pen_week AS p JOIN band AS b ON b.month = extract(month FROM p.week)
 GROUP BY 1, 2 ORDER BY 1;

-- fish_weighed --
-- Fish weighed in a sample
-- Mean number.
-- Needs: 100000 fish weighed
SELECT NULL AS subject, 'SA01' AS band, avg(n) AS measured, sum(n) AS had
  FROM growth_sample WHERE sampled_on >= %(first)s AND sampled_on < %(after)s;

-- biomass_estimates --
-- Error of the biomass estimate before harvest
-- The last sample of a pen, not more than six weeks before its end, against the history: mean, mean
-- absolute error, and the share that is more than a tenth off.
-- Unit: per cent
-- Needs: 300 pens
-- Source: SA03 [found] Aunsmo et al. 2013, 240 pens: mean near 0, mean absolute 5.1, 10 per cent above 10
WITH last AS (
    SELECT DISTINCT ON (s.assignment_id) s.assignment_id, g.sampled_on, g.biomass_estimate_kg
      FROM growth_sample AS g
      JOIN stay AS s USING (assignment_id)
     WHERE s.site_id IS NOT NULL AND s.end_date IS NOT NULL
       AND g.sampled_on BETWEEN s.end_date - 42 AND s.end_date
     ORDER BY s.assignment_id, g.sampled_on DESC
), off AS (
    SELECT 100 * (l.biomass_estimate_kg / d.biomass_kg - 1) AS error
      FROM last AS l
      JOIN daily_state AS d ON d.assignment_id = l.assignment_id AND d.date = l.sampled_on
     WHERE d.biomass_kg > 0
), figure AS (
    SELECT count(*) AS had, avg(error) AS mean, avg(abs(error)) AS absolute,
           100 * avg((abs(error) > 10)::int)::double precision AS far
      FROM off
)
SELECT part.*, had
  FROM figure, LATERAL (VALUES ('mean', mean, -1.5, 1.5), ('mean absolute', absolute, 3.5, 7),
                               ('more than 10 per cent off', far, 4, 20))
                       AS part (subject, measured, low, high);

-- fish_counts --
-- Error of the number of fish that a pen is believed to hold
-- What the estimates of a pen's biomass are off, beyond the errors of weight that they share with
-- its samples, over six samples and more: 5th and 95th percentile.
-- Needs: 300 pens
WITH pen AS (
    SELECT s.geography, g.assignment_id,
           100 * (1000 * avg(g.biomass_estimate_kg / d.population / d.mean_weight_g)
                  / avg(g.mean_weight_g / d.mean_weight_g) - 1) AS error
      FROM growth_sample AS g
      JOIN stay AS s USING (assignment_id)
      JOIN evening AS d ON d.assignment_id = g.assignment_id AND d.date = g.sampled_on
     WHERE s.site_id IS NOT NULL AND d.population > 0
       AND g.sampled_on >= %(first)s AND g.sampled_on < %(after)s
     GROUP BY 1, 2 HAVING count(*) >= 6
), figure AS (
    SELECT geography, count(*) AS had,
           percentile_cont(ARRAY[0.05, 0.95]) WITHIN GROUP (ORDER BY error) AS p
      FROM pen GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES ('p5', p[1], 'SA04.p5'), ('p95', p[2], 'SA04.p95'))
                       AS part (subject, measured, band)
 ORDER BY 1;
