-- What growth hangs on: the season, the water, the vaccine. Sick weeks are left out.

-- growth_has_a_season --
-- Season of the growth coefficient, and its likeness to that of the week before
-- Deviations of the weeks of pens, three months and more at sea, from the mean of fish of their
-- size: the amplitude of the yearly wave, and the correlation of a pen's week with its last one. A
-- model that fits leaves the one, white noise neither.
-- Unit: per cent, and correlation
-- Needs: 3 years
-- Source: GR12 [found] Aunsmo et al. 2014, 827 groups: the coefficient goes with temperature and day length; limits are judgement
WITH week AS (
    SELECT geography, assignment_id, week, 2 * pi() * extract(doy FROM week) / 365.25 AS phase,
           tgc / avg(tgc) OVER (PARTITION BY geography, floor(cbrt(weight_g))) - 1 AS residual
      FROM pen_week WHERE tgc IS NOT NULL AND age > 90 AND sick_days = 0
), pair AS (
    SELECT *, lag(residual) OVER pen AS before, week - lag(week) OVER pen AS days
      FROM week WINDOW pen AS (PARTITION BY assignment_id ORDER BY week)
), figure AS (
    SELECT geography, count(DISTINCT extract(year FROM week)) AS had,
           100 * sqrt(regr_slope(residual, cos(phase)) ^ 2 + regr_slope(residual, sin(phase)) ^ 2)
               AS amplitude,
           corr(residual, before) FILTER (WHERE days = 7) AS likeness
      FROM pair GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM figure, LATERAL (VALUES ('amplitude', amplitude, 2, 12), ('likeness', likeness, 0.15, 0.9))
                       AS part (subject, measured, low, high)
 ORDER BY 1;

-- warm_water_slows_growth --
-- Growth per degree-day of large fish above 14 degrees against that at 11 to 13
-- Mean of the weeks of pens of fish above 2 kg of one size and month. Smaller fish like warmer
-- water: theirs is hardly ever warm enough to tell.
-- Unit: ratio
-- Needs: 200 warm weeks of pens
-- Source: GR14 [from memory, to be verified] Handeland et al. 2008: post-smolts grow best at 12-15 degrees, fish above 2 kg at 10-13; limits are judgement
WITH class AS (
    SELECT geography, extract(month FROM week) AS month, floor(cbrt(weight_g)) AS size,
           avg(tgc) FILTER (WHERE temperature_c > 14) AS warm,
           count(*) FILTER (WHERE temperature_c > 14) AS n,
           avg(tgc) FILTER (WHERE temperature_c BETWEEN 11 AND 13) AS usual
      FROM pen_week
     WHERE tgc IS NOT NULL AND age > 90 AND sick_days = 0 AND weight_g > 2000
       AND temperature_c >= 11
     GROUP BY 1, 2, 3
)
SELECT geography AS subject, sum(n * warm / usual) / sum(n) AS measured, sum(n)::bigint AS had,
       0.7 AS low, 0.99 AS high
  FROM class WHERE n > 0 AND usual > 0 GROUP BY 1 ORDER BY 1;

-- weeks_after_vaccination --
-- Weeks for which vaccinated fish eat and grow less
-- Until a twentieth is left of the appetite that they lost, by the line through the logarithms of
-- the losses of the first five whole weeks after a batch's last vaccination, against the appetite
-- of batches two to eight weeks before theirs. Smolts and post-smolts; tanks into which fish have
-- come within twelve days are left out.
-- Needs: 5 batches
WITH given AS (
    SELECT s.geography, s.batch_id, max(v.date) AS day
      FROM vaccination AS v JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), tank AS (
    SELECT g.geography, g.batch_id, s.stage_order, d.assignment_id,
           floor((d.date - g.day - 1) / 7.0) AS week, avg(d.appetite) AS appetite
      FROM given AS g
      JOIN stay AS s USING (batch_id)
      JOIN daily_state AS d ON d.assignment_id = s.assignment_id AND d.date >= s.start_date + 12
                           AND d.date BETWEEN g.day - 55 AND g.day + 35
     WHERE s.site_id IS NULL AND s.stage_order > 3 AND d.feed_kg > 0 AND d.disease_id IS NULL
       AND d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1, 2, 3, 4, 5 HAVING count(*) = 7
), usual AS (
    SELECT geography, avg(appetite) AS appetite FROM tank WHERE week <= -3 GROUP BY 1
), lost AS (
    SELECT t.geography, t.week, 1 - avg(t.appetite) / u.appetite AS share
      FROM tank AS t JOIN usual AS u USING (geography)
     WHERE t.week >= 0 GROUP BY 1, 2, u.appetite
), line AS (
    SELECT geography, regr_slope(ln(share), week) AS slope FROM lost WHERE share > 0 GROUP BY 1
)
SELECT l.geography AS subject, 'GR22' AS band, -ln(20) / nullif(l.slope, 0) AS measured,
       (SELECT count(DISTINCT t.batch_id) FROM tank AS t
         WHERE t.geography = l.geography AND t.week >= 0) AS had
  FROM line AS l ORDER BY 1;

-- vaccination_slows_growth --
-- Growth of fish in the fortnight after their vaccination
-- Mean growth coefficient of a batch's tanks in the second to fifteenth day after the last
-- vaccination over that of the tanks of the same stage three to eight weeks before theirs.
-- Unit: ratio
-- Needs: 100 weeks of tanks
-- Source: GR22 [found] Berg et al. 2006 DAO 69:239-248: growth is depressed for one to two months; limits are judgement
WITH given AS (
    SELECT s.geography, s.batch_id, max(v.date) AS day
      FROM vaccination AS v JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), tank AS (
    SELECT g.geography, s.stage_order, d.assignment_id,
           floor((d.date - g.day - 2) / 7.0) AS week,
           (cbrt(max(d.mean_weight_g)) - cbrt(min(d.mean_weight_g))) / sum(d.temperature_c) AS tgc
      FROM given AS g
      JOIN stay AS s USING (batch_id)
      JOIN daily_state AS d ON d.assignment_id = s.assignment_id AND d.date >= s.start_date + 12
                           AND (d.date BETWEEN g.day + 2 AND g.day + 15
                                OR d.date BETWEEN g.day - 54 AND g.day - 20)
     WHERE s.site_id IS NULL AND s.stage_order > 3 AND d.disease_id IS NULL
       AND d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1, 2, 3, 4 HAVING count(*) = 7
), class AS (
    SELECT geography, stage_order, count(*) FILTER (WHERE week >= 0) AS n,
           avg(tgc) FILTER (WHERE week >= 0) AS after, avg(tgc) FILTER (WHERE week < 0) AS before
      FROM tank GROUP BY 1, 2
)
SELECT geography AS subject, sum(n * after / before) / sum(n) AS measured, sum(n)::bigint AS had,
       0.6 AS low, 0.96 AS high
  FROM class WHERE n > 0 AND before > 0 GROUP BY 1 ORDER BY 1;

-- side_effects_cost_growth --
-- Growth at sea of the third of pens with the most side effects of vaccination against the fewest
-- Growth coefficient of the weeks of pens after three months, against fish of their size, month and
-- year; thirds of the pens stocked in a year by the score of their 120th day. In the trial fish
-- that were vaccinated early and in warm water weighed 3.2 kg, others 4.0: a tenth of the
-- coefficient, and farms avoid these extremes.
-- Unit: ratio
-- Needs: 200 pens
-- Source: GR23 [found] Berg et al. 2006 DAO 69:239-248, a trial between extremes
WITH week AS (
    SELECT geography, assignment_id,
           tgc / avg(tgc) OVER (PARTITION BY geography, floor(cbrt(weight_g)),
                                             date_trunc('month', week)) AS growth
      FROM pen_week WHERE tgc IS NOT NULL AND age > 90 AND sick_days = 0
), pen AS (
    SELECT geography, assignment_id, avg(growth) AS growth
      FROM week GROUP BY 1, 2 HAVING count(*) >= 20
), ranked AS (
    SELECT p.geography, p.growth, d.side_effect_score AS score,
           ntile(3) OVER (PARTITION BY p.geography, extract(year FROM s.start_date)
                          ORDER BY d.side_effect_score, p.assignment_id) AS third
      FROM pen AS p
      JOIN stay AS s USING (assignment_id)
      JOIN daily_state AS d ON d.assignment_id = p.assignment_id AND d.date = s.start_date + 120
)
SELECT geography AS subject, count(*) AS had, 0.9 AS low, 0.995 AS high,
       avg(growth) FILTER (WHERE third = 3) / avg(growth) FILTER (WHERE third = 1) AS measured
  FROM ranked GROUP BY 1 ORDER BY 1;
