-- Series have the grain of real ones: means may be right where the days are not.

-- deaths_scatter_from_day_to_day --
-- Deaths of a day are not those of its neighbours
-- A day's deaths off the mean of the days before and after, squared, over what chance alone would
-- make of it: the median of the days on which five and more died, by batch, place and stage. About
-- 0.45 where fish die one by one, more where they die of the same; below a quarter somebody smoothed
-- them. Figures of 30 days and more.
-- Source: deaths are counted: their variance is not below their mean
WITH day AS (
    SELECT batch_id, place, stage_order, date, deaths, lag(deaths) OVER own AS before,
           lead(deaths) OVER own AS after, lag(date) OVER own AS day_before,
           lead(date) OVER own AS day_after
      FROM herd_day WINDOW own AS (PARTITION BY batch_id, place, stage_order ORDER BY date)
), off AS (
    SELECT batch_id, place, stage_order, (deaths - (before + after) / 2.0) ^ 2
               / ((before + deaths + after) / 2.0) AS scatter
      FROM day
     WHERE day_after - day_before = 2 AND before + deaths + after >= 15
)
SELECT batch_id, place, stage_order, count(*) AS days,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY scatter) AS scatter
  FROM off GROUP BY 1, 2, 3
HAVING count(*) >= 30 AND percentile_cont(0.5) WITHIN GROUP (ORDER BY scatter) < 0.25;

-- every_year_has_its_season --
-- The sea is warmest in summer and coldest in winter, every year and everywhere
-- Of the monthly means of a site in a whole year: coldest from December to May, warmest from June to
-- November, and their correlation with a wave that is lowest in mid-February above 0.8.
-- Source: EN01 to EN24: coldest in March, warmest in August and September
WITH month AS (
    SELECT site_id, extract(year FROM date) AS year, extract(month FROM date) AS month,
           avg(temperature_c) AS t, avg(air_temperature_c) AS air
      FROM site_day WHERE date >= %(first)s AND date < %(after)s
     GROUP BY 1, 2, 3
), season AS (
    SELECT site_id, year, corr(t, -cos((month - 2.5) * pi() / 6)) AS like_a_year,
           (array_agg(month ORDER BY t))[1] AS coldest,
           (array_agg(month ORDER BY t DESC))[1] AS warmest,
           corr(air, -cos((month - 1.5) * pi() / 6)) AS air_like_a_year
      FROM month GROUP BY 1, 2 HAVING count(*) = 12
)
SELECT * FROM season
 WHERE like_a_year < 0.8 OR air_like_a_year < 0.5 OR coldest NOT IN (12, 1, 2, 3, 4, 5)
    OR warmest NOT BETWEEN 6 AND 11;

-- lice_crowd_on_some_fish --
-- Lice are not spread evenly over the fish of a count
-- Variance over mean of the adult females and mobiles on single fish, over all counts of ten fish and
-- more of an assignment on which a hundred lice and more were found: 1 by chance alone, more where
-- some fish attract them.
-- Source: LI23: numbers of lice on fish are negatively binomial
WITH counted AS (
    SELECT assignment_id, counted_on, count(*) AS n, sum(adult_female + mobile) AS lice,
           avg(adult_female + mobile)::double precision AS mean,
           var_samp(adult_female + mobile)::double precision AS variance
      FROM lice_observation
     WHERE counted_on >= %(first)s AND counted_on < %(after)s
     GROUP BY 1, 2
)
SELECT assignment_id, count(*) AS counts, sum(lice) AS lice, sum(variance) / sum(mean) AS dispersion
  FROM counted WHERE n >= 10
 GROUP BY 1 HAVING sum(lice) >= 100 AND sum(variance) / sum(mean) < 0.9;

-- samples_follow_the_history --
-- The samples of a batch are of the weight and spread of its fish
-- Over 20 samples and more: the median of sampled over true weight within a tenth, and likewise of the
-- biomass that people believe in; the mean of sampled over true spread within an eighth.
-- Source: scenario, observation.estimates
WITH off AS (
    SELECT a.batch_id, g.mean_weight_g / e.mean_weight_g AS weight,
           g.sd_weight_g / (e.weight_cv * e.mean_weight_g) AS spread,
           g.biomass_estimate_kg / nullif(e.biomass_kg, 0) AS biomass
      FROM growth_sample AS g
      JOIN evening AS e ON e.assignment_id = g.assignment_id AND e.date = g.sampled_on
      JOIN assignment AS a ON a.id = g.assignment_id
     WHERE g.sampled_on >= %(first)s AND g.sampled_on < %(after)s
), batch AS (
    SELECT batch_id, count(*) AS samples, avg(spread) AS spread,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY weight) AS weight,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY biomass) AS biomass
      FROM off GROUP BY 1 HAVING count(*) >= 20
)
SELECT * FROM batch
 WHERE weight NOT BETWEEN 0.9 AND 1.1 OR biomass NOT BETWEEN 0.9 AND 1.1
    OR spread NOT BETWEEN 0.875 AND 1.125;
