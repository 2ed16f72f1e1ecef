-- Sea lice: how many, when, on whom, and how often they are treated. The published figures are of
-- Norway, whose limit is lower, unless they say otherwise: yardsticks.

-- lice_of_sites --
-- Lice per fish in a site's count
-- Median and 95th percentile of the counts of sites, by group; within a factor of five of Norway's
-- weeks of sites.
-- Unit: lice per fish
-- Needs: 1000 counts of sites
-- Source: LI01, LI02, LI03 [computed from open data] BarentsWatch Fish Health 2018-2023, 159,697 weeks of sites
WITH counted AS (
    SELECT s.geography, s.site_id, c.counted_on,
           sum(c.n * c.adult_female) / sum(c.n) AS adult_female,
           sum(c.n * c.mobile) / sum(c.n) AS mobile, sum(c.n * c.attached) / sum(c.n) AS attached
      FROM lice_count AS c JOIN stay AS s USING (assignment_id)
     WHERE c.counted_on >= %(first)s AND c.counted_on < %(after)s
     GROUP BY 1, 2, 3
), figure AS (
    SELECT geography, count(*) AS had,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY adult_female) AS adult_female,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY mobile) AS mobile,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY attached) AS attached
      FROM counted GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, published / 5 AS low,
       published * 5 AS high, had
  FROM figure, LATERAL (VALUES
      ('adult female median', adult_female[1], 0.08), ('adult female p95', adult_female[2], 0.45),
      ('mobile median', mobile[1], 0.26), ('mobile p95', mobile[2], 2.43),
      ('attached median', attached[1], 0.03), ('attached p95', attached[2], 0.75))
      AS part (subject, measured, published)
 ORDER BY 1;

-- lice_of_pens --
-- All lice per fish in a Scottish pen
-- Median and 95th percentile of the counts of pens. The published 5th is left out: it counts both
-- species of lice, of which there is one here.
-- Needs: 500 counts of pens
WITH figure AS (
    SELECT count(*) AS had, percentile_cont(ARRAY[0.5, 0.95])
               WITHIN GROUP (ORDER BY c.adult_female + c.mobile + c.attached) AS p
      FROM lice_count AS c JOIN stay AS s USING (assignment_id)
     WHERE c.counted_on >= %(first)s AND c.counted_on < %(after)s AND s.geography = 'SC'
)
SELECT part.subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES ('median', p[1], 'LI15.wide'), ('p95', p[2], 'LI15.p95'))
                       AS part (subject, measured, band);

-- lice_by_season --
-- Adult female lice of autumn against those of late spring
-- August to November over April to June: mean of the counts of sites, 1.9 in Norway; and the months
-- of fewest and most.
-- Unit: ratio, and month
-- Needs: 5000 counts of pens
-- Source: LI04 [computed from open data] BarentsWatch Fish Health 2018-2023: fewest in May, most in September
WITH month AS (
    SELECT s.geography, extract(month FROM c.counted_on) AS month, avg(c.adult_female) AS lice,
           count(*) AS n
      FROM lice_count AS c JOIN stay AS s USING (assignment_id)
     WHERE c.counted_on >= %(first)s AND c.counted_on < %(after)s
     GROUP BY 1, 2
), figure AS (
    SELECT geography, sum(n)::bigint AS had,
           avg(lice) FILTER (WHERE month BETWEEN 8 AND 11)
               / nullif(avg(lice) FILTER (WHERE month BETWEEN 4 AND 6), 0) AS ratio,
           (array_agg(month ORDER BY lice))[1] AS fewest,
           (array_agg(month ORDER BY lice DESC))[1] AS most
      FROM month GROUP BY 1 HAVING count(*) = 12
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM figure,
       LATERAL (VALUES ('autumn over spring', ratio, 1.3, 4.0), ('month of fewest', fewest, 3, 7),
                       ('month of most', most, 8, 12)) AS part (subject, measured, low, high)
 ORDER BY 1;

-- lice_between_fish --
-- Aggregation of lice between the fish of a pen
-- k of the negative binomial: the squared means over the variances above Poisson, of all counts of
-- ten fish and more.
-- Needs: 200 counts of pens
WITH counted AS (
    SELECT assignment_id, counted_on, count(*) AS n,
           avg(adult_female) AS af, var_samp(adult_female) AS af_variance,
           avg(mobile) AS mobile, var_samp(mobile) AS mobile_variance
      FROM lice_observation
     WHERE counted_on >= %(first)s AND counted_on < %(after)s
     GROUP BY 1, 2 HAVING count(*) >= 10
), figure AS (
    SELECT count(*) AS had, sum(af ^ 2 - af_variance / n) / nullif(sum(af_variance - af), 0) AS af,
           sum(mobile ^ 2 - mobile_variance / n)
               / nullif(sum(mobile_variance - mobile), 0) AS mobile
      FROM counted
)
SELECT part.*, 'LI23' AS band, had
  FROM figure, LATERAL (VALUES ('adult female', af::double precision),
                               ('mobile', mobile::double precision)) AS part (subject, measured);

-- lice_persist --
-- Correlation of a site's lice with those of the week before
-- True means of weeks; dynamics are slow.
-- Unit: correlation
-- Needs: 300 weeks of sites
-- Source: realism: lice persist, slow weekly dynamics
WITH week AS (
    SELECT geography, site_id, batch_id, week, ln(avg(adult_female) + 0.01) AS lice
      FROM pen_week WHERE days = 7 GROUP BY 1, 2, 3, 4
), pair AS (
    SELECT geography, lice, lag(lice) OVER (PARTITION BY site_id, batch_id ORDER BY week) AS before
      FROM week
)
SELECT geography AS subject, corr(lice, before) AS measured, count(before) AS had, 0.8 AS low,
       0.995 AS high
  FROM pair GROUP BY 1 ORDER BY 1;

-- lice_between_pens --
-- Coefficient of variation of adult female lice between the pens of a site
-- Median week of sites with three pens and more, where there is at least a louse on every tenth
-- fish.
-- Unit: 1
-- Needs: 100 weeks of sites
-- Source: LI25 [found] Revie et al. 2005, clustering of lice between pens; limits are judgement
WITH week AS (
    SELECT geography, site_id, week, stddev_samp(adult_female) / avg(adult_female) AS cv
      FROM pen_week WHERE days = 7
     GROUP BY 1, 2, 3 HAVING count(*) >= 3 AND avg(adult_female) > 0.1
)
SELECT geography AS subject, percentile_cont(0.5) WITHIN GROUP (ORDER BY cv) AS measured,
       count(*) AS had, 0.15 AS low, 1.2 AS high
  FROM week GROUP BY 1 ORDER BY 1;

-- lice_grow_up --
-- Days from attached lice to adult females
-- The lag at which the adult females of a site go best with its attached lice, from its fish's first
-- week at sea to its first delousing: that with the highest median correlation of the cycles of
-- Faroese sites, between whole weeks by the parabola through it and its neighbours. True means.
-- Later the site's own females bring its attached lice, and the lag cannot be told.
-- Needs: 20 site cycles
WITH treated AS (
    SELECT s.site_id, s.batch_id, min(t.start_date) AS day
      FROM treatment AS t JOIN stay AS s USING (assignment_id)
     WHERE t.reason = 'lice' GROUP BY 1, 2
), week AS (
    SELECT p.site_id, p.batch_id, p.week, avg(p.attached) AS attached,
           avg(p.adult_female) AS adult_female
      FROM pen_week AS p LEFT JOIN treated AS t USING (site_id, batch_id)
     WHERE p.geography = 'FO' AND p.days = 7 AND (t.day IS NULL OR p.week + 7 <= t.day)
     GROUP BY 1, 2, 3
), pair AS (
    SELECT site_id, batch_id, weeks, adult_female, lag(attached, weeks) OVER cycle AS attached
      FROM week, generate_series(0, 12) AS weeks
    WINDOW cycle AS (PARTITION BY weeks, site_id, batch_id ORDER BY week)
), cycle AS (
    SELECT site_id, batch_id, weeks, corr(adult_female, attached) AS r
      FROM pair GROUP BY 1, 2, 3 HAVING count(attached) >= 15
), lagged AS (
    SELECT weeks, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY r) AS r
      FROM cycle GROUP BY 1
), peak AS (
    SELECT weeks, n, r, lag(r) OVER by_weeks AS before, lead(r) OVER by_weeks AS after
      FROM lagged WINDOW by_weeks AS (ORDER BY weeks)
)
SELECT NULL AS subject, 'LI24.wide' AS band, n AS had,
       7 * (weeks + coalesce((before - after) / nullif(2 * (before - 2 * r + after), 0), 0))
           AS measured
  FROM peak ORDER BY r DESC NULLS LAST LIMIT 1;

-- delousing_per_year --
-- Delousings of a site and year, once the company is mature
-- Weeks with a treatment per year with fish, without medicine (thermal, mechanical, fresh water)
-- and with, in the third session. Norway's figures are of 2018-2022.
-- Needs: 20 years of sites
WITH stocked AS (
    SELECT DISTINCT site_id, week FROM pen_week
     WHERE week >= %(late_first)s AND week < %(late_after)s
), treated AS (
    SELECT s.site_id, t.start_date - extract(isodow FROM t.start_date)::integer + 1 AS week,
           bool_or(y.is_medicine) AS medicinal, bool_or(NOT y.is_medicine) AS plain
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id)
     WHERE t.reason = 'lice'
     GROUP BY 1, 2
), figure AS (
    SELECT count(*) / 52.18 AS site_years, count(*) FILTER (WHERE plain) AS plain,
           count(*) FILTER (WHERE medicinal) AS medicinal
      FROM stocked LEFT JOIN treated USING (site_id, week)
)
SELECT part.subject, part.measured, part.band, floor(site_years)::bigint AS had
  FROM figure, LATERAL (VALUES ('without medicine', plain / nullif(site_years, 0), 'LI08.wide'),
                               ('with medicine', medicinal / nullif(site_years, 0), 'LI09.wide'))
                       AS part (subject, measured, band);

-- delousing_turns_away_from_medicine --
-- Share of delousings without medicine
-- Of containers treated, in the first session and in the third.
-- Unit: share of treatments
-- Needs: 100 treatments
-- Source: LI08, LI09 [computed from open data] BarentsWatch Fish Health: from a tenth in 2012-2015 to three quarters in 2018-2022
WITH given AS (
    SELECT CASE WHEN t.start_date < %(early_after)s THEN 'session 1'
                WHEN t.start_date >= %(late_first)s AND t.start_date < %(late_after)s
                    THEN 'session 3' END AS years,
           NOT y.is_medicine AS plain
      FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
     WHERE t.reason = 'lice'
)
SELECT years AS subject, avg(plain::int)::double precision AS measured, count(*) AS had,
       CASE years WHEN 'session 1' THEN 0.05 ELSE 0.6 END AS low,
       CASE years WHEN 'session 1' THEN 0.7 ELSE 0.98 END AS high
  FROM given WHERE years IS NOT NULL GROUP BY 1 ORDER BY 1;

-- delousing_effect --
-- Fall of adult female lice after delousing
-- As counted before and after, where there were 0.2 and more: 10th percentile, median and 90th,
-- within a fifth of Norway's, and within a half for emamectin, whose published figure is of one to
-- two weeks and which kills slowly.
-- Unit: share of lice
-- Needs: 200 treatments
-- Source: LI10-LI13 [computed from open data] BarentsWatch Fish Health 2012-2023: thermal and mechanical, hydrogen peroxide, baths of deltamethrin and azamethiphos, emamectin in feed
WITH measured AS (
    SELECT CASE WHEN y.method IN ('thermal', 'mechanical') THEN 'plain'
                WHEN y.substance ~* 'peroxide' THEN 'peroxide'
                WHEN y.substance ~* 'deltamethrin|azamethiphos' THEN 'bath'
                WHEN y.substance ~* 'emamectin' THEN 'feed' END AS of_what,
           t.effect_percent / 100 AS effect
      FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
     WHERE t.reason = 'lice' AND t.before_value >= 0.2 AND t.effect_percent IS NOT NULL
), limits (of_what, name, room, p10, median, p90) AS (VALUES
    ('plain', 'thermal and mechanical', 0.2, 0.1, 0.7, 0.94),
    ('peroxide', 'hydrogen peroxide', 0.2, 0.19, 0.81, 0.99),
    ('bath', 'medicinal baths', 0.2, 0.08, 0.78, 1.0), ('feed', 'emamectin', 0.5, -0.54, 0.17, 0.82)
), figure AS (
    SELECT l.*, count(*) AS had,
           percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY m.effect) AS p
      FROM measured AS m JOIN limits AS l USING (of_what) GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT name || ' ' || part.subject AS subject, part.measured, part.middle - room AS low,
       part.middle + room AS high, had
  FROM figure, LATERAL (VALUES ('p10', p[1], p10), ('median', p[2], median), ('p90', p[3], p90))
                       AS part (subject, measured, middle)
 ORDER BY 1;
