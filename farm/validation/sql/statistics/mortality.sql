-- Mortality at sea: how much, when, how unevenly, how long, and how much shared. Most figures are
-- of weeks of pens. `.wide` bands are yardsticks with twice the room around the middle.

-- weekly_mortality --
-- Weekly mortality of pens
-- 5th percentile to 99th, of whole weeks. W Scotland 2018-2020 is the yardstick: in both
-- geographies a figure must be within a factor of three, below a hundredth of a per cent of six.
-- Unit: per cent a week
-- Needs: 500 weeks of pens
-- Source: MO25 [computed from open data] Szewczyk et al. 2023, 8 farms, 88 pens, weekly 2018-07..2020-03
WITH figure AS (
    SELECT geography, count(*) AS had,
           percentile_cont(ARRAY[0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99])
               WITHIN GROUP (ORDER BY 100.0 * deaths / fish) AS p
      FROM pen_week WHERE days = 7 AND fish > 0 GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, had,
       published / factor AS low, published * factor AS high
  FROM figure,
       LATERAL (VALUES ('p5', p[1], 0.002, 6), ('p25', p[2], 0.007, 6), ('median', p[3], 0.019, 3),
                       ('p75', p[4], 0.058, 3), ('p90', p[5], 0.19, 3), ('p95', p[6], 0.484, 3),
                       ('p99', p[7], 4.0, 3)) AS part (subject, measured, published, factor)
 ORDER BY geography, published;

-- daily_mortality --
-- Mortality of a usual day
-- Mean of the weeks of pens without the worst tenth: what people call normal.
-- Needs: 500 weeks of pens
WITH ranked AS (
    SELECT geography, deaths, fish_days,
           percent_rank() OVER (PARTITION BY geography ORDER BY deaths / fish_days) AS rank
      FROM pen_week WHERE days = 7 AND fish_days > 0
)
SELECT geography AS subject, 'MO24.wide' AS band, count(*) AS had,
       100 * sum(deaths) FILTER (WHERE rank < 0.9) / sum(fish_days) FILTER (WHERE rank < 0.9)
           AS measured
  FROM ranked GROUP BY 1 ORDER BY 1;

-- mortality_by_days_at_sea --
-- Weekly mortality by days at sea
-- Median of the weeks of pens: high after transfer, low, and rising after a year. Within a factor
-- of four of W Scotland 2018-2020.
-- Unit: per cent a week
-- Needs: 200 weeks of pens
-- Source: MO30, MO31 [computed from open data] Szewczyk et al. 2023, 8 farms, 88 pens, weekly 2018-07..2020-03
WITH class (from_age, to_age, published) AS (VALUES
    (0, 30, 0.04), (30, 60, 0.004), (60, 90, 0.007), (90, 180, 0.02), (180, 300, 0.02),
    (300, 360, 0.04), (360, 420, 0.05), (420, 480, 0.20)
)
SELECT p.geography || ' ' || lpad(c.from_age::text, 3, '0') || '-' || lpad(c.to_age::text, 3, '0')
       AS subject,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY 100.0 * p.deaths / p.fish) AS measured,
       c.published / 4 AS low, c.published * 4 AS high, count(*) AS had
  FROM pen_week AS p JOIN class AS c ON p.age >= c.from_age AND p.age < c.to_age
 WHERE p.days = 7 AND p.fish > 0
 GROUP BY 1, c.published ORDER BY 1;

-- mortality_is_u_shaped --
-- Mortality after transfer and of the second year against the months between
-- Deaths over fish: of the first two months and of the months after the fourteenth, over those of
-- the third to the tenth.
-- Unit: ratio
-- Needs: 10000 weeks of pens
-- Source: MO19 [found] Bang Jensen, Qviller, Toft 2020: high in the first three months; MO31: rises after a year
WITH figure AS (
    SELECT geography, count(*) AS had,
           sum(deaths) FILTER (WHERE age < 60) / sum(fish_days) FILTER (WHERE age < 60) AS first,
           sum(deaths) FILTER (WHERE age BETWEEN 90 AND 300)
               / sum(fish_days) FILTER (WHERE age BETWEEN 90 AND 300) AS middle,
           sum(deaths) FILTER (WHERE age > 420) / sum(fish_days) FILTER (WHERE age > 420) AS last
      FROM pen_week GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, 1.1 AS low, 8 AS high, had
  FROM figure, LATERAL (VALUES ('after transfer', first / middle), ('second year', last / middle))
                       AS part (subject, measured)
 ORDER BY 1;

-- mortality_after_transfer --
-- Mortality of the first three months at sea
-- A month; deaths over fish. Norway's figure is an average over its coast with a wide interval.
-- Needs: 2000 weeks of pens
SELECT geography AS subject, 'MO19.wide' AS band, count(*) AS had,
       100 * 30.44 * sum(deaths) / sum(fish_days) AS measured
  FROM pen_week WHERE age < 91 GROUP BY 1 ORDER BY 1;

-- monthly_mortality --
-- Mortality of a month
-- Of all pens of Scotland by calendar month and over the year; of the regions of both geographies;
-- from weeks, whose month is that of their Thursday.
-- Needs: 10000 weeks of pens
WITH week AS (
    SELECT p.geography, s.area, extract(month FROM p.week + 3)::int AS month, p.deaths, p.fish_days
      FROM pen_week AS p JOIN site_place AS s USING (site_id)
), figure AS (
    SELECT 'SC-' || lpad(month::text, 2, '0') AS subject, 'MO13.wide' AS band, deaths, fish_days
      FROM week WHERE geography = 'SC'
    UNION ALL
    SELECT 'SC', 'MO14.wide', deaths, fish_days FROM week WHERE geography = 'SC'
    UNION ALL
    SELECT area, 'MO18', deaths, fish_days FROM week
)
SELECT subject, band, 100 * 30.44 * sum(deaths) / sum(fish_days) AS measured,
       count(*) AS had
  FROM figure GROUP BY 1, 2 ORDER BY 1;

-- annual_mortality --
-- Mortality of a year at sea
-- 1 - exp(-deaths over mean fish), weighted by fish, over all years; in Scotland a yardstick, for
-- the published figure and that of whole cycles (MO17) hardly agree.
-- Needs: 10000 weeks of pens
SELECT geography AS subject, CASE geography WHEN 'FO' THEN 'MO23' ELSE 'MO16.wide' END AS band,
       100 * (1 - exp(-365.25 * sum(deaths) / sum(fish_days))) AS measured, count(*) AS had
  FROM pen_week GROUP BY 1 ORDER BY 1;

-- mortality_of_single_years --
-- Mortality of each year at sea
-- As over all years; years differ: from half of the lowest published to twice the highest.
-- Unit: per cent
-- Needs: 3000 weeks of pens in a year
-- Source: MO16 [found] Salmon Scotland: 13 to 17; MO23 [from memory, to be verified] Bakkafrost Faroes 2019-2024: 6 to 12
SELECT geography || ' ' || extract(year FROM week + 3) AS subject, count(*) AS had,
       CASE geography WHEN 'FO' THEN 3 ELSE 6.5 END AS low,
       CASE geography WHEN 'FO' THEN 24 ELSE 34 END AS high,
       100 * (1 - exp(-365.25 * sum(deaths) / sum(fish_days))) AS measured
  FROM pen_week GROUP BY geography, 1 HAVING count(DISTINCT week) > 45 ORDER BY 1;

-- cycle_loss --
-- Loss of a whole cycle at sea
-- Share of the fish put to sea that were not harvested: mean of the cycles of sites, in Scotland as
-- survival. Norway's mean is the yardstick for the highest twentieth.
-- Needs: 20 site cycles
WITH harvested AS (
    SELECT assignment_id, sum(count) AS fish FROM harvest_event GROUP BY 1
), cycle AS (
    SELECT s.geography, s.site_id, s.batch_id, 100 * (1 - sum(h.fish) / sum(s.start_count)) AS loss
      FROM stay AS s JOIN harvested AS h USING (assignment_id)
     WHERE s.end_date IS NOT NULL
     GROUP BY 1, 2, 3
), figure AS (
    SELECT geography, count(*) AS had, avg(loss) AS mean,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY loss) AS p95
      FROM cycle GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES
      (CASE geography WHEN 'FO' THEN 'mean loss' ELSE 'mean survival' END,
       CASE geography WHEN 'FO' THEN mean ELSE 100 - mean END,
       CASE geography WHEN 'FO' THEN 'MO22' ELSE 'MO17.wide' END),
      ('p95 of loss', p95, 'MO21')) AS part (subject, measured, band)
 ORDER BY 1;

-- cumulative_mortality --
-- Mortality of a pen over 54 weeks at sea
-- 10th percentile, median and 90th percentile of pens, within a factor of three of W Scotland.
-- Unit: per cent
-- Needs: 200 pens
-- Source: MO27 [computed from open data] Szewczyk et al. 2023, 8 farms, 66 pens with more than 40 weeks
WITH pen AS (
    SELECT geography, assignment_id, 100 * (1 - exp(-sum(deaths::double precision / fish))) AS loss
      FROM pen_week WHERE age < 378 AND fish > 0
     GROUP BY 1, 2 HAVING count(*) >= 53
), figure AS (
    SELECT geography, count(*) AS had,
           percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY loss) AS p
      FROM pen GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, published / 3 AS low,
       published * 3 AS high, had
  FROM figure, LATERAL (VALUES ('p10', p[1], 4.9), ('median', p[2], 6.7), ('p90', p[3], 11.4))
                       AS part (subject, measured, published)
 ORDER BY 1;

-- extreme_months --
-- Share of months of a site in which more than 2 per cent die
-- Four weeks each; three quarters of Norwegian cohorts rarely see one.
-- Unit: share of months
-- Needs: 500 months of sites
-- Source: MO20 [found] Oliveira et al. 2021 Sci Rep: months above 2 per cent are rare for three quarters of cohorts
WITH month AS (
    SELECT geography, site_id, batch_id, (week - DATE '2000-01-03') / 28 AS month,
           28 * sum(deaths) / sum(fish_days) AS died
      FROM pen_week WHERE fish_days > 0
     GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT week) = 4
)
SELECT geography AS subject, avg((died > 0.02)::int)::double precision AS measured, count(*) AS had,
       0.01 AS low, 0.25 AS high
  FROM month GROUP BY 1 ORDER BY 1;

-- deaths_are_concentrated --
-- Share of all deaths that fall in the worst twentieth of the weeks of pens
-- A few weeks carry most of the deaths.
-- Unit: share of deaths
-- Needs: 500 weeks of pens
-- Source: MO25 [computed from open data] Szewczyk et al. 2023: mean 0.15, median 0.019, p95 0.484 per cent a week
WITH ranked AS (
    SELECT geography, deaths, percent_rank() OVER (PARTITION BY geography
                                                   ORDER BY deaths::double precision / fish) AS rank
      FROM pen_week WHERE days = 7 AND fish > 0
)
SELECT geography AS subject, count(*) AS had, 0.4 AS low, 0.9 AS high,
       sum(deaths) FILTER (WHERE rank >= 0.95) / sum(deaths)::double precision AS measured
  FROM ranked GROUP BY 1 ORDER BY 1;

-- mortality_persists --
-- Correlation of a pen's mortality with that of the week before, and of four weeks before
-- Of the logarithm of the weekly rate; the first six weeks after transfer are left out. It lasts
-- for weeks, and fades.
-- Unit: correlation
-- Needs: 500 weeks of pens
-- Source: realism: bad weeks persist for weeks; log-sd 1.57 (MO25)
WITH week AS (
    SELECT geography, assignment_id, ln((deaths + 0.5) / fish) AS m,
           lag(ln((deaths + 0.5) / fish)) OVER pen AS before,
           lag(ln((deaths + 0.5) / fish), 4) OVER pen AS long_before
      FROM pen_week WHERE days = 7 AND fish > 0 AND age > 42
    WINDOW pen AS (PARTITION BY assignment_id ORDER BY week)
), figure AS (
    SELECT geography, corr(m, before) AS r, corr(m, long_before) AS long_r,
           count(long_before) AS had
      FROM week GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM figure, LATERAL (VALUES ('1 week', r, 0.5, 0.95), ('4 weeks', long_r, 0.25, 0.9))
                       AS part (subject, measured, low, high)
 ORDER BY 1;

-- mortality_varies --
-- Spread of the weekly mortality of pens
-- Standard deviation of the logarithm of the weekly rate.
-- Unit: ln
-- Needs: 500 weeks of pens
-- Source: MO25 [computed from open data] Szewczyk et al. 2023: log-sd 1.57
SELECT geography AS subject, stddev_samp(ln((deaths + 0.5) / fish)) AS measured, count(*) AS had,
       0.9 AS low, 2.0 AS high
  FROM pen_week WHERE days = 7 AND fish > 0 GROUP BY 1 ORDER BY 1;

-- mortality_is_shared --
-- Share of the variance of weekly mortality that the pens of a site have in common
-- Intraclass correlation of the logarithm of the rate, by site and week, of sites with at least
-- three pens.
-- Unit: intraclass correlation
-- Needs: 200 weeks of sites
-- Source: realism: bad weeks hit the pens of a site together
WITH week AS (
    SELECT geography, site_id, week, ln((deaths + 0.5) / fish) AS m
      FROM pen_week WHERE days = 7 AND fish > 0
), site AS (
    SELECT geography, site_id, week, count(*) AS pens, avg(m) AS mean, var_samp(m) AS within
      FROM week GROUP BY 1, 2, 3 HAVING count(*) >= 3
), part AS (
    SELECT geography, count(*) AS had, avg(within) AS within,
           greatest(var_samp(mean) - avg(within / pens), 0) AS between
      FROM site GROUP BY 1
)
SELECT geography AS subject, between / (between + within) AS measured, 0.3 AS low, 0.95 AS high, had
  FROM part ORDER BY 1;

-- deaths_by_named_cause --
-- Share of the deaths at sea that diseases and treatments cause
-- The rest dies of its everyday causes, of the environment, or unknown.
-- Unit: share of deaths
-- Needs: 10000 weeks of pens
-- Source: judgement after MO21 and DI22: infections and delousing are the leading named causes
WITH died AS (
    SELECT geography, sum(deaths) AS deaths, count(*) AS had FROM pen_week GROUP BY 1
), named AS (
    SELECT s.geography, sum(n.deaths) FILTER (WHERE n.disease_id IS NOT NULL) AS disease,
           sum(n.deaths) FILTER (WHERE n.disease_id IS NULL) AS treatment
      FROM named_death AS n JOIN stay AS s USING (assignment_id)
     WHERE s.site_id IS NOT NULL AND n.date >= %(first)s AND n.date < %(after)s
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM died JOIN named USING (geography),
       LATERAL (VALUES ('diseases', disease / deaths::double precision, 0.1, 0.6),
                       ('treatments', treatment / deaths::double precision, 0.03, 0.4))
               AS part (subject, measured, low, high)
 ORDER BY 1;
