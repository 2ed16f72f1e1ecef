-- Cause and effect: what follows from what can be read in the data. Limits are judgement: the
-- effect must be there, and not larger than life.

-- sickness_costs_appetite --
-- Appetite of sick fish against that of healthy ones
-- Of weeks of pens with a disease over those of the pens of the geography that are well in the same
-- week, at the same age in classes of two months; mean, by disease.
-- Unit: ratio
-- Needs: 40 sick weeks of pens
-- Source: the task: an outbreak shows as falling appetite
WITH class AS (
    SELECT geography, week, age / 60 AS age, avg(appetite) AS well
      FROM pen_week WHERE sick_days = 0 GROUP BY 1, 2, 3
)
SELECT d.code AS subject, avg(p.appetite / c.well) AS measured, count(*) AS had, 0.4 AS low,
       0.98 AS high
  FROM pen_week AS p
  JOIN class AS c ON c.geography = p.geography AND c.week = p.week AND c.age = p.age / 60
  JOIN disease AS d ON d.id = p.disease_id
 WHERE p.sick_days = 7 AND p.appetite IS NOT NULL AND c.well > 0
 GROUP BY 1 ORDER BY 1;

-- outbreaks_raise_deaths --
-- Deaths in the two weeks after an outbreak is noticed against the two weeks before its first case
-- Of the sick pens of a site, of all causes; median of the outbreaks, by disease.
-- Unit: ratio
-- Needs: 8 outbreaks
-- Source: the task: an outbreak shows as rising deaths
WITH pen AS (
    SELECT o.disease, o.outbreak_id, s.assignment_id,
           sum(d.deaths) FILTER (WHERE d.date >= o.onset_date) AS after,
           sum(d.deaths) FILTER (WHERE d.date < o.first_case_date) AS before,
           bool_or(d.disease_id = o.disease_id) AS sick
      FROM outbreak AS o
      JOIN stay AS s ON s.place = o.place AND s.start_date < o.first_case_date - 14
          AND s.gone > o.onset_date + 14
      JOIN daily_state AS d ON d.assignment_id = s.assignment_id
                           AND (d.date BETWEEN o.first_case_date - 14 AND o.first_case_date - 1
                                OR d.date BETWEEN o.onset_date AND o.onset_date + 13)
     WHERE o.site_id IS NOT NULL AND o.onset_date >= %(first)s
       AND o.onset_date < %(after)s::date - 14
     GROUP BY 1, 2, 3
), struck AS (
    SELECT disease, outbreak_id, (sum(after) + 1.0) / (sum(before) + 1.0) AS ratio
      FROM pen WHERE sick GROUP BY 1, 2
)
SELECT disease AS subject, percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio) AS measured,
       count(*) AS had, 1.3 AS low, 60 AS high
  FROM struck GROUP BY 1 ORDER BY 1;

-- sickness_slows_growth --
-- Growth of sick weeks against healthy ones
-- Mean growth coefficient of weeks of pens with a disease over that of the others of the same month
-- and age; three months and more at sea.
-- Unit: ratio
-- Needs: 100 sick weeks of pens
-- Source: the task: setbacks by disease
WITH class AS (
    SELECT geography, extract(month FROM week) AS month, age / 60 AS age,
           avg(tgc) FILTER (WHERE sick_days = 7) AS sick,
           avg(tgc) FILTER (WHERE sick_days = 0) AS well,
           count(*) FILTER (WHERE sick_days = 7) AS n
      FROM pen_week WHERE tgc IS NOT NULL AND age > 90 GROUP BY 1, 2, 3
)
SELECT geography AS subject, sum(n * sick / well) / sum(n) AS measured, sum(n)::bigint AS had,
       0.5 AS low, 0.98 AS high
  FROM class WHERE n > 0 AND well > 0 GROUP BY 1 ORDER BY 1;

-- delousing_brings_lice_down --
-- Lice of a pen after a treatment for lice
-- Mobiles and adult females of the history, ten days after its end over the day before it; median,
-- by method.
-- Unit: ratio
-- Needs: 20 treatments
-- Source: the task: a lice trigger shows count, treatment, fewer lice
SELECT y.code AS subject, count(*) AS had, 0.02 AS low,
       CASE y.method WHEN 'medicated_feed' THEN 1.0 WHEN 'cleaner_fish' THEN 1.2 ELSE 0.7 END AS high,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY (a.lice_adult_female + a.lice_mobile)
                                          / (b.lice_adult_female + b.lice_mobile)) AS measured
  FROM treatment AS t
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
  JOIN daily_state AS b ON b.assignment_id = t.assignment_id AND b.date = t.start_date - 1
  JOIN daily_state AS a ON a.assignment_id = t.assignment_id AND a.date = t.end_date + 10
 WHERE t.reason = 'lice' AND b.lice_adult_female + b.lice_mobile > 0.05
   AND t.start_date > %(first)s AND t.end_date < %(after)s::date - 10
 GROUP BY y.code, y.method ORDER BY 1;

-- treatments_cost_fish --
-- Deaths of a pen in the week of a thermal or mechanical delousing against the week before
-- Of all causes; median.
-- Unit: ratio
-- Needs: 40 treatments
-- Source: MO24 [found] IntraFish 2020 after Sviland Walde et al. 2021: up to nine times on the day; MO32: three in ten raise mortality at all
WITH pen AS (
    SELECT t.id, sum(d.deaths) FILTER (WHERE d.date >= t.start_date) AS after,
           sum(d.deaths) FILTER (WHERE d.date < t.start_date) AS before
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
          AND y.method IN ('thermal', 'mechanical')
      JOIN daily_state AS d ON d.assignment_id = t.assignment_id
                           AND d.date BETWEEN t.start_date - 7 AND t.start_date + 6
     WHERE t.start_date >= %(first)s::date + 7 AND t.start_date < %(after)s::date - 7
     GROUP BY 1
)
SELECT NULL AS subject, count(*) AS had, 1.2 AS low, 30 AS high,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY (after + 1.0) / (before + 1.0)) AS measured
  FROM pen;

-- delousing_raises_deaths --
-- Share of delousings after which more fish die
-- Of pens: in the week from its first day on more than 0.75 per cent of the fish die above the week
-- before, as many as in three usual weeks at sea. Where a rise begins the publication does not say
-- (without treatment one week of a pen in a hundred rises so); so within a half for the methods
-- that it has a figure for.
-- Unit: per cent
-- Needs: 100 treatments
-- Source: MO32 [found] Overton et al. 2019, Norway 2012-2017, above 40,000 delousings: thermal 31, mechanical 25, hydrogen peroxide 21, other baths below 14
WITH given AS (
    SELECT t.id, t.assignment_id, t.start_date,
           CASE WHEN y.method IN ('thermal', 'mechanical') THEN y.method
                WHEN y.substance ~* 'peroxide' THEN 'hydrogen peroxide'
                ELSE 'chemical bath' END AS method
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
          AND y.method IN ('thermal', 'mechanical', 'bath')
     WHERE t.reason = 'lice' AND t.status = 'completed'
       AND t.start_date >= %(first)s::date + 7 AND t.start_date < %(after)s::date - 7
), pen AS (
    SELECT g.id, s.geography, g.method, max(d.population) AS fish,
           sum(CASE WHEN d.date < g.start_date THEN -d.deaths ELSE d.deaths END) AS more
      FROM given AS g
      JOIN stay AS s USING (assignment_id)
      JOIN daily_state AS d ON d.assignment_id = g.assignment_id
                           AND d.date BETWEEN g.start_date - 7 AND g.start_date + 6
     GROUP BY 1, 2, 3 HAVING count(*) = 14
), limits (method, low, high) AS (VALUES
    ('thermal', 15.5, 46.5), ('mechanical', 12.5, 37.5), ('hydrogen peroxide', 10.5, 31.5),
    ('chemical bath', 0, 14)
)
SELECT p.geography || ' ' || p.method AS subject, count(*) AS had, l.low, l.high,
       100 * avg((p.more > 0.0075 * p.fish)::int)::double precision AS measured
  FROM pen AS p JOIN limits AS l USING (method) GROUP BY 1, 3, 4 ORDER BY 1;

-- treated_outbreaks_decline --
-- Deaths of a disease after a treatment against it
-- Of the pen: the third and fourth week from its first day over the week before it; median of those
-- with deaths before.
-- Unit: ratio
-- Needs: 20 treatments
-- Source: the task: a treatment, recovery
WITH pen AS (
    SELECT t.id, o.disease,
           sum(n.deaths) FILTER (WHERE n.date >= t.start_date + 14) / 2.0 AS after,
           sum(n.deaths) FILTER (WHERE n.date < t.start_date) AS before
      FROM treatment AS t
      JOIN outbreak AS o ON o.outbreak_id = t.disease_outbreak_id
      JOIN stay AS s ON s.assignment_id = t.assignment_id AND s.gone > t.start_date + 28
      JOIN named_death AS n ON n.assignment_id = t.assignment_id AND n.disease_id = o.disease_id
                           AND n.date >= t.start_date - 7 AND n.date < t.start_date + 28
     WHERE t.start_date >= %(first)s AND t.start_date < %(after)s::date - 28
     GROUP BY 1, 2
)
SELECT NULL AS subject, count(*) AS had, 0 AS low, 1.0 AS high,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(after, 0) / before) AS measured
  FROM pen WHERE before >= 10;

-- withholding_moves_harvests --
-- Pens whose harvest waited for the end of a withholding period
-- Other pens of the site were harvested while it ran, and it within three weeks after.
-- Unit: pens
-- Needs: 1000 withholding periods
-- Source: the task: a withholding period moves a harvest
WITH waited AS (
    SELECT DISTINCT w.assignment_id
      FROM withholding_period AS w
      JOIN stay AS s USING (assignment_id)
      JOIN harvest_event AS own ON own.assignment_id = w.assignment_id
                               AND own.date BETWEEN w.end_date AND w.end_date + 21
     WHERE EXISTS (SELECT FROM harvest_event AS h JOIN stay AS other USING (assignment_id)
                    WHERE other.site_id = s.site_id AND other.batch_id = s.batch_id
                      AND h.date >= w.start_date - 10 AND h.date < w.end_date)
)
SELECT NULL AS subject, (SELECT count(*) FROM waited) AS measured, count(*) AS had, 1 AS low,
       greatest(count(*) / 2, 1) AS high
  FROM withholding_period AS w JOIN stay AS s USING (assignment_id) WHERE s.site_id IS NOT NULL;

-- mature_years_do_better --
-- The third session against the first
-- At sea, two months after transfer and later, like with like, in classes of size and month: growth
-- coefficient, usual mortality (the mean of the better nine tenths of the weeks of pens), and feed
-- per weight gained. Visible, but modest.
-- Unit: ratio
-- Needs: 2000 weeks of pens in each
-- Source: the task: mature years grow faster and die less than early ones, visibly but modestly
WITH week AS (
    SELECT geography, floor(cbrt(weight_g)) AS size, extract(month FROM week) AS month,
           week >= %(late_first)s AS late, tgc, feed_kg, gained_kg, deaths::double precision / fish AS died
      FROM pen_week
     WHERE days = 7 AND fish > 0 AND age >= 60
       AND (week < %(early_after)s OR (week >= %(late_first)s AND week < %(late_after)s))
), ranked AS (
    SELECT *, percent_rank() OVER (PARTITION BY geography, size, month, late ORDER BY died) AS rank
      FROM week
), class AS (
    SELECT geography, size, month, late, count(*) AS n, avg(tgc) AS tgc,
           sum(feed_kg) / nullif(sum(gained_kg), 0) AS fcr,
           avg(died) FILTER (WHERE rank < 0.9) AS died
      FROM ranked GROUP BY 1, 2, 3, 4
), figure AS (
    SELECT e.geography, least(sum(e.n), sum(l.n))::bigint AS had,
           sum(w.n * l.tgc / e.tgc) / sum(w.n) AS growth,
           sum(w.n * l.fcr / e.fcr) / sum(w.n) AS fcr,
           sum(w.n * l.died) / sum(w.n * e.died) AS mortality
      FROM class AS e
      JOIN class AS l ON l.geography = e.geography AND l.size = e.size AND l.month = e.month
                     AND l.late AND NOT e.late
                     -- in a class of a few weeks nobody may have been fed
                     AND e.fcr > 0 AND e.tgc > 0,
           LATERAL (SELECT least(e.n, l.n) AS n) AS w
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM figure,
       LATERAL (VALUES ('growth', growth, 1.01, 1.15), ('mortality', mortality, 0.5, 0.98),
                       ('feed conversion', fcr, 0.88, 0.995)) AS part (subject, measured, low, high)
 ORDER BY 1;
